import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { Batch } from '../../../platform/database/batch.js';
import { Database } from '../../../platform/database/database.js';
import { CLIENT_COLUMNS } from '../clients/client-rows.js';
import type { ClientEntity } from './client.entity.js';
import { firstOf, type Mark } from './replay-store.js';
import { Sweeping } from './sweeping.js';
import { digestOf, type StoredToken, TokenStore, type TokenRow } from './token-store.js';

/** What a request shows. */
interface Shown {
  readonly value: string;
  /** Of its proof, which is used by this; none for what is no proof that could be accepted. */
  readonly mark: Mark | undefined;
}

interface Row extends Omit<ClientEntity, 'id'> {
  readonly place: number;
  readonly tokenId: string;
  readonly payload: TokenRow['payload'];
  readonly isFirst: boolean;
  /** `null` for a token of a client that is not active. */
  readonly id: ClientEntity['id'] | null;
}

export interface PresentedToken extends StoredToken {
  /** The row of the client that it was issued to, as long as that is active. */
  readonly client: ClientEntity | undefined;
  /** Whether the mark was made by this. */
  readonly isFirst: boolean;
}

const PRESENTED = {
  name: 'presented-tokens',
  text: `SELECT place, token_id AS "tokenId", payload, is_first AS "isFirst", ${CLIENT_COLUMNS}
         FROM oauth.presented($1::bytea[], $2::bytea[], $3::timestamptz[], $4)`,
};

/** All that the database knows of a request of an agency, asked at once; its proof is marked as used with that. */
@Injectable()
export class PresentedTokens {
  readonly #database: Database;
  readonly #tokens: TokenStore;
  readonly #sweeping: Sweeping;
  readonly #clock: Clock;
  readonly #asking = new Batch<Shown, Row | undefined>((shown) => this.#ask(shown));

  constructor(database: Database, tokens: TokenStore, sweeping: Sweeping, clock: Clock) {
    this.#database = database;
    this.#tokens = tokens;
    this.#sweeping = sweeping;
    this.#clock = clock;
  }

  /** @returns `undefined` for a token that is unknown, expired, removed, or not the one that was issued */
  async find(shown: Shown): Promise<PresentedToken | undefined> {
    if (shown.mark !== undefined) await this.#sweeping.pass();
    const row = await this.#asking.ask(shown);
    if (row === undefined) return undefined;
    const { tokenId, payload, isFirst } = row;
    const token = await this.#tokens.open(shown.value, { id: tokenId, payload });
    if (token === undefined) return undefined;
    // The column beside a token says which client to look for; the token itself says whose it is.
    const client = row.id === token.payload.clientId ? clientOf(row) : undefined;
    return { ...token, client, isFirst };
  }

  async #ask(shown: readonly Shown[]): Promise<(one: Shown) => Row | undefined> {
    const rows = await this.#database.ask<Row>(PRESENTED, [
      shown.map(({ value }) => digestOf(value)),
      shown.map(({ mark }) => mark?.digest ?? null),
      shown.map(({ mark }) => mark?.until ?? null),
      this.#clock.now(),
    ]);
    const found = new Map<Shown | undefined, Row>(rows.map((row) => [shown[row.place - 1], row]));
    const asked = shown.filter((one) => found.get(one)?.isFirst === true);
    const made = new Set(asked.flatMap(({ mark }) => mark?.digest.toString('hex') ?? []));
    const first = firstOf(asked, made);
    return (one) => {
      const row = found.get(one);
      return row === undefined ? undefined : { ...row, isFirst: first.has(one) };
    };
  }
}

function clientOf({
  id,
  agencyId,
  status,
  metadata,
  createdAt,
  updatedAt,
  revision,
  mac,
}: Row): ClientEntity | undefined {
  return id === null ? undefined : { id, agencyId, status, metadata, createdAt, updatedAt, revision, mac };
}
