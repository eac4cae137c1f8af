import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { AdapterPayload } from 'oidc-provider';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import { Failure } from '../../../kernel/errors.js';
import { type ClientId, newId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { INSTALLATION, type Sealed, Sealer } from '../../../sealing/index.js';
import { RECORD_PAYLOAD, type SealedToken } from './places.js';

interface Row {
  id: string;
  payload: Sealed<SealedToken>;
}

export interface StoredToken {
  /** Names the token in the ledger; the value itself is kept nowhere. */
  readonly id: string;
  readonly payload: AdapterPayload;
}

/** What must happen in the transaction that adds or removes a token. */
export type Alongside = (manager: EntityManager, tokenId: string) => Promise<void>;

const digestOf = (value: string): Buffer => createHash('sha256').update(value).digest();

/** Access tokens: found by the hash of their value, their content sealed. */
@Injectable()
export class TokenStore {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #clock: Clock;

  constructor(database: Database, sealer: Sealer, clock: Clock) {
    this.#database = database;
    this.#sealer = sealer;
    this.#clock = clock;
  }

  /**
   * @param seconds how long the token lives
   * @param client as it was read
   * @returns false when the client was changed since, perhaps suspended: it gets none before it is read again
   */
  async add(
    value: string,
    client: { readonly id: ClientId; readonly revision: number },
    { jti: _value, ...payload }: AdapterPayload,
    seconds: number,
    alongside: Alongside,
  ): Promise<boolean> {
    const now = this.#clock.now();
    const digest = digestOf(value);
    const id = newId<'token'>(now.getTime());
    const content: SealedToken = { digest: digest.toString('base64url'), payload };
    const sealed = await this.#sealer.seal(RECORD_PAYLOAD, { subject: INSTALLATION, row: id }, content);
    return this.#database.run({ kind: 'system' }, async (manager) => {
      // The client is held until the token is there: a suspension or a change of keys comes before it and forbids it, or
      // after it and removes it.
      const added: unknown[] = await manager.query(
        `INSERT INTO oauth.record (id, digest, client_id, payload, expires_at)
         SELECT $1, $2, c.id, $4, $5 FROM agencies.client AS c
         WHERE c.id = $3 AND c.status = 'active' AND c.revision = $6 FOR SHARE
         RETURNING 1`,
        [id, digest, client.id, sealed, new Date(now.getTime() + seconds * 1_000), client.revision],
      );
      if (added.length === 0) return false;
      await alongside(manager, id);
      return true;
    });
  }

  /** @returns `undefined` for a token that is unknown, expired, removed, or not the one that was issued */
  async find(value: string): Promise<StoredToken | undefined> {
    const digest = digestOf(value);
    const [row] = await this.#database.ask<Row>('SELECT id, payload FROM oauth.live_token($1, $2)', [
      digest,
      this.#clock.now(),
    ]);
    if (row === undefined) return undefined;
    try {
      const position = { subject: INSTALLATION, row: row.id };
      const content = await this.#sealer.openOperational(RECORD_PAYLOAD, position, row.payload);
      if (content.digest !== digest.toString('base64url')) return undefined;
      return { id: row.id, payload: { ...content.payload, jti: value } };
    } catch (error) {
      if (error instanceof Failure && error.code === 'sealed_value_unreadable') return undefined;
      throw error;
    }
  }

  async remove(value: string, alongside: Alongside): Promise<void> {
    await this.#database.run({ kind: 'system' }, async (manager) => {
      const [rows]: [{ id: string }[], number] = await manager.query(
        'DELETE FROM oauth.record WHERE digest = $1 RETURNING id',
        [digestOf(value)],
      );
      const [removed] = rows;
      if (removed !== undefined) await alongside(manager, removed.id);
    });
  }

  /** Removes every token of a client, so that none comes back to life with it. */
  async removeAllOf(manager: EntityManager, clientId: ClientId): Promise<void> {
    await manager.query('DELETE FROM oauth.record WHERE client_id = $1', [clientId]);
  }
}
