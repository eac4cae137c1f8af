import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { Actor, RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/ids.js';
import { parseOwn } from '../../../kernel/json.js';
import { Database } from '../../database/database.js';
import { HttpKeys } from '../http-keys.js';
import { AnswerVault } from './answer-vault.js';

/** How long a key is remembered. */
const KEPT_MS = 24 * 3_600_000;
/** How many rows a clean-up deletes in one transaction. */
const SWEPT_AT_ONCE = 1_000;

export interface KeptAnswer {
  readonly status: number;
  readonly location: string | null;
  readonly body: unknown;
  /** From which the `ETag` is made, where the answer is a single resource. */
  readonly revision: number | null;
}

export interface GivenAnswer {
  readonly answer: KeptAnswer;
  /** Whether it is the answer to an earlier request. */
  readonly isAgain: boolean;
}

/** What a request is known by again. */
interface Digests {
  readonly actor: string;
  readonly key: Buffer;
  readonly request: Buffer;
}

interface Row {
  readonly id: string;
  readonly request_digest: Buffer;
  readonly answer: Buffer;
}

/**
 * Remembers which answer an `Idempotency-Key` got (draft-ietf-httpapi-idempotency-key-header §2). Answer and effect
 * are one transaction, and the key is taken by that transaction's own lock: whatever moment a process dies at, both
 * are there or neither is, and the key is free again with the connection that held it.
 */
@Injectable()
export class IdempotencyStore {
  readonly #database: Database;
  readonly #vault: AnswerVault;
  readonly #keys: HttpKeys;
  readonly #clock: Clock;

  constructor(database: Database, vault: AnswerVault, keys: HttpKeys, clock: Clock) {
    this.#database = database;
    this.#vault = vault;
    this.#keys = keys;
    this.#clock = clock;
  }

  /**
   * Answers a request, or gives the answer that its key had before. Nothing is kept of one that fails.
   * @param request everything that makes two requests the same, as one text
   * @param handle does what is asked, through `Database.run` only
   * @throws Failure `idempotency_key_reused` for another request, `idempotency_in_progress` while another is at it
   */
  async answer(
    context: RequestContext,
    key: string,
    request: string,
    handle: () => Promise<KeptAnswer>,
  ): Promise<GivenAnswer> {
    const actor = actorKey(context.actor);
    const digests = { actor, key: await this.#digest(key), request: await this.#digest(request) };
    const outcome = await this.#database.asOne(async () => {
      const kept = await this.#claim(digests);
      if (kept !== undefined) return kept;
      const answer = await handle();
      await this.#keep(context, digests, answer);
      return { answer, isAgain: false };
    });
    if ('isAgain' in outcome) return outcome;
    if (!outcome.request_digest.equals(digests.request)) throw new Failure('idempotency_key_reused');
    const opened = await this.#vault.open(context, outcome.id, outcome.answer);
    return { answer: parseOwn<KeptAnswer>(opened.toString()), isAgain: true };
  }

  /** Deletes what is not given again any more. May be repeated, or done by several at once. @returns how much there was */
  async sweep(): Promise<number> {
    let swept = 0;
    for (;;) {
      const gone = await this.#database.run({ kind: 'system' }, async (manager) => {
        const [, affected]: [unknown, number] = await manager.query(
          `DELETE FROM platform.idempotency WHERE id IN (
             SELECT id FROM platform.idempotency WHERE expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED)`,
          [this.#clock.now(), SWEPT_AT_ONCE],
        );
        return affected;
      });
      swept += gone;
      if (gone < SWEPT_AT_ONCE) return swept;
    }
  }

  /** Takes the key until the transaction ends, or finds what was kept under it. */
  #claim({ actor, key }: Digests): Promise<Row | undefined> {
    return this.#database.run({ kind: 'system' }, async (manager) => {
      const taken: { is_taken: boolean }[] = await manager.query(
        `SELECT pg_try_advisory_xact_lock(hashtextextended($1 || encode($2, 'hex'), 7346495)) AS is_taken`,
        [actor, key],
      );
      if (taken[0]?.is_taken !== true)
        throw new Failure('idempotency_in_progress', { headers: { 'retry-after': '1' } });
      // A statement of its own: it sees what the last holder of the lock has committed.
      const rows: Row[] = await manager.query(
        `SELECT id, request_digest, answer FROM platform.idempotency
         WHERE actor = $1 AND key_digest = $2 AND expires_at > $3`,
        [actor, key, this.#clock.now()],
      );
      return rows[0];
    });
  }

  /** @throws Failure `keys_unavailable`, upon which nothing has happened */
  async #keep(context: RequestContext, { actor, key, request }: Digests, answer: KeptAnswer): Promise<void> {
    const now = this.#clock.now();
    const row = newId<'answer'>(now.getTime());
    const sealed = await this.#vault.seal(context.actor, row, Buffer.from(JSON.stringify(answer)));
    await this.#database.run({ kind: 'system' }, async (manager) => {
      // What is there already has expired.
      await manager.query(
        `INSERT INTO platform.idempotency (id, actor, key_digest, request_digest, answer, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (actor, key_digest) DO UPDATE SET id = excluded.id, request_digest = excluded.request_digest,
           answer = excluded.answer, expires_at = excluded.expires_at`,
        [row, actor, key, request, sealed, new Date(now.getTime() + KEPT_MS)],
      );
    });
  }

  /** Whatever a person was answered. */
  async forgetPerson(id: string): Promise<void> {
    await this.#database.run({ kind: 'system' }, (manager) =>
      manager.query('DELETE FROM platform.idempotency WHERE actor = $1', [personKey(id)]),
    );
  }

  /** Keyed: a request may hold what a person told us, and so little of it that a plain hash could be guessed. */
  async #digest(text: string): Promise<Buffer> {
    return createHmac('sha256', await this.#keys.idempotency())
      .update(text)
      .digest();
  }
}

const personKey = (id: string): string => `account:${id}`;

function actorKey(actor: Actor): string {
  switch (actor.kind) {
    case 'candidate':
    case 'auditor':
    case 'operator':
      return personKey(actor.accountId);
    case 'agency':
      return `client:${actor.clientId}`;
    case 'anonymous':
    case 'system':
      throw new Error('Only a known caller has idempotency keys.');
  }
}
