import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { AdapterPayload } from 'oidc-provider';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import { Failure } from '../../../kernel/errors.js';
import { type ClientId, newId } from '../../../kernel/ids.js';
import { Batch } from '../../../platform/database/batch.js';
import { Database } from '../../../platform/database/database.js';
import { INSTALLATION, type Sealed, Sealer } from '../../../sealing/index.js';
import { type Issue, TokenEntries } from '../token-entries.js';
import { RECORD_PAYLOAD, type SealedToken } from './places.js';

/** A token as it is kept. */
export interface TokenRow {
  readonly id: string;
  readonly payload: Sealed<SealedToken>;
}

export interface StoredToken {
  /** Names the token in the ledger; the value itself is kept nowhere. */
  readonly id: string;
  readonly payload: AdapterPayload;
}

/** A token that is about to be issued. */
export interface NewToken {
  readonly value: string;
  readonly payload: AdapterPayload;
  /** How long it lives. */
  readonly seconds: number;
}

interface SealedRow {
  readonly id: string;
  readonly digest: Buffer;
  readonly payload: Sealed<SealedToken>;
  readonly expiresAt: Date;
  readonly issue: Issue;
}

export const digestOf = (value: string): Buffer => createHash('sha256').update(value).digest();

/** Rather than wait for a client that is being changed, a statement for many leaves its tokens out. */
const INSERT = (lock: 'SHARE OF c' | 'SHARE OF c SKIP LOCKED'): string => `
  INSERT INTO oauth.record (id, digest, client_id, payload, expires_at)
  SELECT n.id, n.digest, c.id, n.payload, n.expires_at
  FROM unnest($1::uuid[], $2::bytea[], $3::uuid[], $4::integer[], $5::bytea[], $6::timestamptz[])
    AS n (id, digest, client_id, revision, payload, expires_at)
  JOIN agencies.client AS c ON c.id = n.client_id AND c.status = 'active' AND c.revision = n.revision
  FOR ${lock} RETURNING id`;

const LIVE = { name: 'live-token', text: 'SELECT id, payload FROM oauth.live_token($1, $2)' };

/** Access tokens: found by the hash of their value, their content sealed. */
@Injectable()
export class TokenStore {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #entries: TokenEntries;
  readonly #clock: Clock;
  readonly #adding = new Batch<SealedRow, boolean>(async (rows) => {
    const added = await this.#insert(rows, 'SHARE OF c SKIP LOCKED');
    return ({ id }) => added.has(id);
  });

  constructor(database: Database, sealer: Sealer, entries: TokenEntries, clock: Clock) {
    this.#database = database;
    this.#sealer = sealer;
    this.#entries = entries;
    this.#clock = clock;
  }

  /**
   * Issues a token, on record.
   * @returns false when the client was changed since it was read, perhaps suspended: it gets none before it is read again
   */
  async add(
    issue: Issue,
    { value, payload: { jti: _value, ...payload }, seconds }: NewToken,
  ): Promise<boolean> {
    const now = this.#clock.now();
    const digest = digestOf(value);
    const id = newId<'token'>(now.getTime());
    const content: SealedToken = { digest: digest.toString('base64url'), payload };
    const row: SealedRow = {
      id,
      digest,
      payload: await this.#sealer.seal(RECORD_PAYLOAD, { subject: INSTALLATION, row: id }, content),
      expiresAt: new Date(now.getTime() + seconds * 1_000),
      issue,
    };
    return (await this.#adding.ask(row)) || (await this.#insert([row], 'SHARE OF c')).has(id);
  }

  /** @returns `undefined` for a token that is unknown, expired, removed, or not the one that was issued */
  async find(value: string): Promise<StoredToken | undefined> {
    const digest = digestOf(value);
    const [row] = await this.#database.ask<TokenRow>(LIVE, [digest, this.#clock.now()]);
    return row === undefined ? undefined : this.open(value, row);
  }

  /** @param row as the database has it @returns `undefined` when it is not the row of this token */
  async open(value: string, row: TokenRow): Promise<StoredToken | undefined> {
    try {
      const position = { subject: INSTALLATION, row: row.id };
      const content = await this.#sealer.openOperational(RECORD_PAYLOAD, position, row.payload);
      if (content.digest !== digestOf(value).toString('base64url')) return undefined;
      return { id: row.id, payload: { ...content.payload, jti: value } };
    } catch (error) {
      if (error instanceof Failure && error.code === 'sealed_value_unreadable') return undefined;
      throw error;
    }
  }

  async remove(issue: Issue, value: string): Promise<void> {
    await this.#database.run({ kind: 'system' }, async (manager) => {
      const [rows]: [{ id: string }[], number] = await manager.query(
        'DELETE FROM oauth.record WHERE digest = $1 RETURNING id',
        [digestOf(value)],
      );
      const [removed] = rows;
      if (removed !== undefined)
        await this.#entries.changed(manager, 'token.revoked', [{ ...issue, tokenId: removed.id }]);
    });
  }

  /** Removes every token of a client, so that none comes back to life with it. */
  async removeAllOf(manager: EntityManager, clientId: ClientId): Promise<void> {
    await manager.query('DELETE FROM oauth.record WHERE client_id = $1', [clientId]);
  }

  /**
   * The clients are held until the tokens are there: a suspension or a change of keys comes before them and forbids
   * them, or after them and removes them.
   */
  #insert(rows: readonly SealedRow[], lock: Parameters<typeof INSERT>[0]): Promise<ReadonlySet<string>> {
    return this.#database.run({ kind: 'system' }, async (manager) => {
      const inserted: { id: string }[] = await manager.query(INSERT(lock), [
        rows.map(({ id }) => id),
        rows.map(({ digest }) => digest),
        rows.map(({ issue }) => issue.client.id),
        rows.map(({ issue }) => issue.client.revision),
        rows.map(({ payload }) => payload),
        rows.map(({ expiresAt }) => expiresAt),
      ]);
      const added = new Set(inserted.map(({ id }) => id));
      const issued = rows.filter(({ id }) => added.has(id));
      const entries = issued.map(({ id, issue }) => ({ ...issue, tokenId: id }));
      await this.#entries.changed(manager, 'token.issued', entries);
      return added;
    });
  }
}
