import { Injectable } from '@nestjs/common';
import type { AdapterPayload } from 'oidc-provider';
import { Clock } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/ids.js';
import { Batch } from '../../../platform/database/batch.js';
import { Database, type Statement } from '../../../platform/database/database.js';
import { INSTALLATION, type Sealed, Sealer } from '../../../sealing/index.js';
import { type Issue, TokenEntries } from '../token-entries.js';
import { RECORD_PAYLOAD, type SealedToken } from './places.js';
import type { Mark } from './replay-store.js';
import { Sweeping } from './sweeping.js';
import { digestOf } from './token-store.js';

/** A token that is about to be issued. */
export interface NewToken {
  readonly value: string;
  readonly payload: AdapterPayload;
  /** How long it lives. */
  readonly seconds: number;
  /** Of the proof that came for it, which is used by this; none where it has been used before, or there is none. */
  readonly mark: Mark | undefined;
}

/**
 * `replayed`: its proof was used before. `client_changed`: since it was read, perhaps suspended; there is no token
 * before it is read again, and the proof is used.
 */
export type Issuing = 'issued' | 'replayed' | 'client_changed';

interface SealedRow {
  readonly id: string;
  readonly digest: Buffer;
  readonly payload: Sealed<SealedToken>;
  readonly expiresAt: Date;
  readonly issue: Issue;
  readonly mark: Mark | undefined;
}

interface Answer {
  readonly id: string;
  readonly isFirst: boolean;
  readonly isAdded: boolean;
}

type Send = (statement: Statement, values: readonly unknown[]) => Promise<readonly Answer[]>;

const ISSUE = {
  name: 'issue-tokens',
  text: `SELECT id, is_first AS "isFirst", is_added AS "isAdded"
         FROM oauth.issue($1::bytea[], $2::timestamptz[], $3::uuid[], $4::bytea[], $5::uuid[], $6::integer[], $7::bytea[],
           $8::timestamptz[], $9::uuid[], $10::uuid[], $11::bigint[], $12::bytea[], $13::bytea[], $14::bytea[])`,
};

const HOLD = 'SELECT FROM agencies.client WHERE id = $1 FOR SHARE';

/** Issues access tokens: one statement for many, each with the mark of its proof and on record. */
@Injectable()
export class IssuedTokens {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #entries: TokenEntries;
  readonly #sweeping: Sweeping;
  readonly #clock: Clock;
  readonly #issuing = new Batch<SealedRow, Issuing>((rows) =>
    this.#send(rows, (statement, values) => this.#database.ask(statement, values)),
  );

  constructor(database: Database, sealer: Sealer, entries: TokenEntries, sweeping: Sweeping, clock: Clock) {
    this.#database = database;
    this.#sealer = sealer;
    this.#entries = entries;
    this.#sweeping = sweeping;
    this.#clock = clock;
  }

  async add(issue: Issue, token: NewToken): Promise<Issuing> {
    await this.#sweeping.pass();
    const row = await this.#sealed(issue, token);
    const outcome = await this.#issuing.ask(row);
    // The statement for many waits for no client that is being changed.
    return outcome === 'client_changed' ? this.#alone({ ...row, mark: undefined }) : outcome;
  }

  async #sealed(
    issue: Issue,
    { value, payload: { jti: _value, ...payload }, seconds, mark }: NewToken,
  ): Promise<SealedRow> {
    const now = this.#clock.now();
    const digest = digestOf(value);
    const id = newId<'token'>(now.getTime());
    const content: SealedToken = { digest: digest.toString('base64url'), payload };
    return {
      id,
      digest,
      payload: await this.#sealer.seal(RECORD_PAYLOAD, { subject: INSTALLATION, row: id }, content),
      expiresAt: new Date(now.getTime() + seconds * 1_000),
      issue,
      mark,
    };
  }

  /**
   * The client is held until the token is there: a suspension or a change of keys comes before it and forbids it, or
   * after it and removes it.
   */
  #alone(row: SealedRow): Promise<Issuing> {
    return this.#database.run({ kind: 'system' }, async (manager) => {
      await manager.query(HOLD, [row.issue.client.id]);
      const answered = await this.#send([row], ({ text }, values) => manager.query(text, [...values]));
      return answered(row);
    });
  }

  async #send(rows: readonly SealedRow[], send: Send): Promise<(row: SealedRow) => Issuing> {
    const sent = withoutRepeats(rows);
    const answers = await this.#entries.issued(
      sent.map(({ id, issue }) => ({ ...issue, tokenId: id })),
      (entries) =>
        send(ISSUE, [
          sent.map(({ mark }) => mark?.digest ?? null),
          sent.map(({ mark }) => mark?.until ?? null),
          sent.map(({ id }) => id),
          sent.map(({ digest }) => digest),
          sent.map(({ issue }) => issue.client.id),
          sent.map(({ issue }) => issue.client.revision),
          sent.map(({ payload }) => payload),
          sent.map(({ expiresAt }) => expiresAt),
          ...entries,
        ]),
    );
    const outcomes = new Map(answers.map((answer) => [answer.id, outcomeOf(answer)]));
    return ({ id }) => outcomes.get(id) ?? 'replayed';
  }
}

function outcomeOf({ isFirst, isAdded }: Answer): Issuing {
  if (!isFirst) return 'replayed';
  return isAdded ? 'issued' : 'client_changed';
}

/** Of those that came with the same proof at the same moment, one. */
function withoutRepeats(rows: readonly SealedRow[]): readonly SealedRow[] {
  const seen = new Set<string>();
  return rows.filter(({ mark }) => {
    const name = mark?.digest.toString('hex');
    if (name === undefined) return true;
    const isFirst = !seen.has(name);
    seen.add(name);
    return isFirst;
  });
}
