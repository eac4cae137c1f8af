import { Injectable } from '@nestjs/common';
import type { AdapterPayload } from 'oidc-provider';
import { Clock } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/ids.js';
import { Batch } from '../../../platform/database/batch.js';
import { Database, type Statement } from '../../../platform/database/database.js';
import type { Counted, LimitedAttempt } from '../../../platform/http/index.js';
import { INSTALLATION, type Sealed, Sealer } from '../../../sealing/index.js';
import { type Issue, TokenEntries } from '../token-entries.js';
import { RECORD_PAYLOAD, type SealedToken } from './places.js';
import type { Mark } from './replay-store.js';
import { Sweeping } from './sweeping.js';
import { digestOf } from './token-store.js';

/** An assertion that a token is asked for with. */
export interface CountedMark extends Mark {
  /** Its first use counts as this against the client’s limit. */
  readonly attempt: LimitedAttempt;
}

/** A token that is about to be issued. */
export interface NewToken {
  readonly value: string;
  readonly payload: AdapterPayload;
  /** How long it lives. */
  readonly seconds: number;
  /** Of the assertion that came for it, which is used by this; none where that is used already, or there is none. */
  readonly assertion: CountedMark | undefined;
  /** Of the proof, as of the assertion. */
  readonly proof: Mark | undefined;
}

/**
 * `assertion_replayed`, `proof_replayed`: it was used before. `limited`: too many of the client, and its assertion is
 * used. `client_changed`: since it was read, perhaps suspended; there is no token before it is read again, and both are
 * used.
 */
export type Issuing = 'issued' | 'assertion_replayed' | 'limited' | 'proof_replayed' | 'client_changed';

export interface Issued {
  readonly outcome: Issuing;
  /** Of the attempt, if it was counted. */
  readonly counted?: Counted | undefined;
}

interface SealedRow {
  readonly id: string;
  readonly digest: Buffer;
  readonly payload: Sealed<SealedToken>;
  readonly expiresAt: Date;
  readonly issue: Issue;
  readonly assertion: CountedMark | undefined;
  readonly proof: Mark | undefined;
}

interface Answer {
  readonly id: string;
  readonly isAsserted: boolean;
  readonly count: number | null;
  readonly leftMs: number | null;
  readonly isProven: boolean;
  readonly isAdded: boolean;
}

type Send = (statement: Statement, values: readonly unknown[]) => Promise<readonly Answer[]>;

const ISSUE = {
  name: 'issue-tokens',
  text: `SELECT id, is_asserted AS "isAsserted", count, left_ms AS "leftMs", is_proven AS "isProven", is_added AS "isAdded"
         FROM oauth.issue($1::bytea[], $2::timestamptz[], $3::text[], $4::integer[], $5::integer[],
           $6::bytea[], $7::timestamptz[], $8::uuid[], $9::bytea[], $10::uuid[], $11::integer[], $12::bytea[],
           $13::timestamptz[], $14::uuid[], $15::uuid[], $16::bigint[], $17::bytea[], $18::bytea[], $19::bytea[])`,
};

const HOLD = 'SELECT FROM agencies.client WHERE id = $1 FOR SHARE';

/** Issues access tokens: one statement for many, each with the marks of what it was asked for with, counted and on record. */
@Injectable()
export class IssuedTokens {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #entries: TokenEntries;
  readonly #sweeping: Sweeping;
  readonly #clock: Clock;
  readonly #issuing = new Batch<SealedRow, Issued>((rows) =>
    this.#send(rows, (statement, values) => this.#database.ask(statement, values)),
  );

  constructor(database: Database, sealer: Sealer, entries: TokenEntries, sweeping: Sweeping, clock: Clock) {
    this.#database = database;
    this.#sealer = sealer;
    this.#entries = entries;
    this.#sweeping = sweeping;
    this.#clock = clock;
  }

  async add(issue: Issue, token: NewToken): Promise<Issued> {
    await this.#sweeping.pass();
    const row = await this.#sealed(issue, token);
    const issued = await this.#issuing.ask(row);
    if (issued.outcome !== 'client_changed') return issued;
    // The statement for many waits for no client that is being changed.
    const { outcome } = await this.#alone({ ...row, assertion: undefined, proof: undefined });
    return { ...issued, outcome };
  }

  async #sealed(
    issue: Issue,
    { value, payload: { jti: _value, ...payload }, seconds, assertion, proof }: NewToken,
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
      assertion,
      proof,
    };
  }

  /**
   * The client is held until the token is there: a suspension or a change of keys comes before it and forbids it, or
   * after it and removes it.
   */
  #alone(row: SealedRow): Promise<Issued> {
    return this.#database.run({ kind: 'system' }, async (manager) => {
      await manager.query(HOLD, [row.issue.client.id]);
      const answered = await this.#send([row], ({ text }, values) => manager.query(text, [...values]));
      return answered(row);
    });
  }

  async #send(rows: readonly SealedRow[], send: Send): Promise<(row: SealedRow) => Issued> {
    const sent = withoutRepeats(rows);
    const answers = await this.#entries.issued(
      sent.map(({ id, issue }) => ({ ...issue, tokenId: id })),
      (entries) =>
        send(ISSUE, [
          sent.map(({ assertion }) => assertion?.digest ?? null),
          sent.map(({ assertion }) => assertion?.until ?? null),
          sent.map(({ assertion }) => assertion?.attempt.key ?? null),
          sent.map(({ assertion }) => assertion?.attempt.seconds ?? null),
          sent.map(({ assertion }) => assertion?.attempt.points ?? null),
          sent.map(({ proof }) => proof?.digest ?? null),
          sent.map(({ proof }) => proof?.until ?? null),
          sent.map(({ id }) => id),
          sent.map(({ digest }) => digest),
          sent.map(({ issue }) => issue.client.id),
          sent.map(({ issue }) => issue.client.revision),
          sent.map(({ payload }) => payload),
          sent.map(({ expiresAt }) => expiresAt),
          ...entries,
        ]),
    );
    const answered = new Map(answers.map((answer) => [answer.id, answer]));
    return ({ id, assertion }) => issuedOf(answered.get(id), assertion);
  }
}

/** @param answer none for an assertion that came twice at the same moment */
function issuedOf(answer: Answer | undefined, assertion: CountedMark | undefined): Issued {
  if (answer?.isAsserted !== true) return { outcome: 'assertion_replayed' };
  const { count, leftMs, isProven, isAdded } = answer;
  const counted = count === null || leftMs === null ? undefined : { count, leftMs };
  const isLimited = counted !== undefined && counted.count > (assertion?.attempt.points ?? 0);
  if (isLimited) return { outcome: 'limited', counted };
  if (!isProven) return { outcome: 'proof_replayed', counted };
  return { outcome: isAdded ? 'issued' : 'client_changed', counted };
}

/** Of those that came with the same assertion at the same moment, one. */
function withoutRepeats(rows: readonly SealedRow[]): readonly SealedRow[] {
  const seen = new Set<string>();
  return rows.filter(({ assertion }) => {
    const name = assertion?.digest.toString('hex');
    if (name === undefined) return true;
    const isFirst = !seen.has(name);
    seen.add(name);
    return isFirst;
  });
}
