import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { AdapterPayload } from 'oidc-provider';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { ClientId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { INSTALLATION, type Sealed, Sealer, unlessUnreadable } from '../../../sealing/index.js';
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

export const digestOf = (value: string): Buffer => hash('sha256', value, 'buffer');

const LIVE = { name: 'live-token', text: 'SELECT id, payload FROM oauth.live_token($1, $2)' };

/** Access tokens: found by the hash of their value, their content sealed. */
@Injectable()
export class TokenStore {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #entries: TokenEntries;
  readonly #clock: Clock;

  constructor(database: Database, sealer: Sealer, entries: TokenEntries, clock: Clock) {
    this.#database = database;
    this.#sealer = sealer;
    this.#entries = entries;
    this.#clock = clock;
  }

  /** @returns `undefined` for a token that is unknown, expired, removed, or not the one that was issued */
  async find(value: string): Promise<StoredToken | undefined> {
    const digest = digestOf(value);
    const [row] = await this.#database.ask<TokenRow>(LIVE, [digest, this.#clock.now()]);
    return row === undefined ? undefined : this.open(value, row);
  }

  /** @param row as the database has it @returns `undefined` when it is not the row of this token */
  async open(value: string, row: TokenRow): Promise<StoredToken | undefined> {
    const position = { subject: INSTALLATION, row: row.id };
    const content = await unlessUnreadable(
      this.#sealer.openOperational(RECORD_PAYLOAD, position, row.payload),
    );
    if (content?.digest !== digestOf(value).toString('base64url')) return undefined;
    return { id: row.id, payload: { ...content.payload, jti: value } };
  }

  async remove(issue: Issue, value: string): Promise<void> {
    await this.#database.run({ kind: 'system' }, async (manager) => {
      const [rows]: [{ id: string }[], number] = await manager.query(
        'DELETE FROM oauth.record WHERE digest = $1 RETURNING id',
        [digestOf(value)],
      );
      const [removed] = rows;
      if (removed !== undefined) await this.#entries.revoked(manager, { ...issue, tokenId: removed.id });
    });
  }

  /** Removes every token of a client, so that none comes back to life with it. */
  async removeAllOf(manager: EntityManager, clientId: ClientId): Promise<void> {
    await manager.query('DELETE FROM oauth.record WHERE client_id = $1', [clientId]);
  }
}
