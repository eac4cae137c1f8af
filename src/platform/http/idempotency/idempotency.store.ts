import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { Actor, RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/ids.js';
import { Database } from '../../database/database.js';
import { HttpKeys } from '../http-keys.js';
import { AnswerVault } from './answer-vault.js';
import { parseOwn } from '../../../kernel/json.js';

/** How long a key is remembered. */
const KEPT_MS = 24 * 3_600_000;
/** A request that has not answered after this long has died; its key may be used again. */
const ABANDONED_MS = 60_000;

export interface KeptAnswer {
  readonly status: number;
  readonly location: string | null;
  readonly body: unknown;
  /** From which the `ETag` is made, where the answer is a single resource. */
  readonly revision: number | null;
}

export type Claim =
  { readonly kind: 'first'; readonly row: string } | { readonly kind: 'again'; readonly answer: KeptAnswer };

interface Row {
  id: string;
  request_digest: Buffer;
  status: number | null;
  answer: Buffer | null;
}

/** Remembers which answer an `Idempotency-Key` got (draft-ietf-httpapi-idempotency-key-header §2). */
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
   * Takes a key for a request, or finds the answer it was given before.
   * @param request everything that makes two requests the same, as one text
   * @throws Failure `idempotency_key_reused` for another request, `idempotency_in_progress` while the first runs
   */
  async claim(context: RequestContext, key: string, request: string): Promise<Claim> {
    const actor = actorKey(context.actor);
    const now = this.#clock.now();
    const row = newId<'answer'>(now.getTime());
    const [keyDigest, requestDigest] = await Promise.all([this.#digest(key), this.#digest(request)]);
    const existing = await this.#database.run({ kind: 'system' }, async (manager) => {
      await manager.query(
        `DELETE FROM platform.idempotency
         WHERE actor = $1 AND key_digest = $2 AND (expires_at <= $3 OR (status IS NULL AND started_at <= $4))`,
        [actor, keyDigest, now, new Date(now.getTime() - ABANDONED_MS)],
      );
      const inserted: unknown[] = await manager.query(
        `INSERT INTO platform.idempotency (id, actor, key_digest, request_digest, started_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (actor, key_digest) DO NOTHING RETURNING id`,
        [row, actor, keyDigest, requestDigest, now, new Date(now.getTime() + KEPT_MS)],
      );
      if (inserted.length > 0) return undefined;
      const rows: Row[] = await manager.query(
        'SELECT id, request_digest, status, answer FROM platform.idempotency WHERE actor = $1 AND key_digest = $2',
        [actor, keyDigest],
      );
      // Deleted between the two statements: its owner failed just now, so the caller may simply try again.
      if (rows[0] === undefined) throw new Failure('idempotency_in_progress');
      return rows[0];
    });
    if (existing === undefined) return { kind: 'first', row };
    if (!existing.request_digest.equals(requestDigest)) throw new Failure('idempotency_key_reused');
    if (existing.answer === null)
      throw new Failure('idempotency_in_progress', { headers: { 'retry-after': '1' } });
    const opened = await this.#vault.open(context, existing.id, existing.answer);
    return { kind: 'again', answer: readAnswer(opened) };
  }

  async keep(context: RequestContext, row: string, answer: KeptAnswer): Promise<void> {
    const sealed = await this.#vault.seal(context.actor, row, Buffer.from(JSON.stringify(answer)));
    await this.#database.run({ kind: 'system' }, (manager) =>
      manager.query('UPDATE platform.idempotency SET status = $2, answer = $3 WHERE id = $1', [
        row,
        answer.status,
        sealed,
      ]),
    );
  }

  /** Frees the key of a request that changed nothing. */
  async release(row: string): Promise<void> {
    await this.#database.run({ kind: 'system' }, (manager) =>
      manager.query('DELETE FROM platform.idempotency WHERE id = $1 AND answer IS NULL', [row]),
    );
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

function readAnswer(bytes: Buffer): KeptAnswer {
  return parseOwn<KeptAnswer>(bytes.toString());
}
