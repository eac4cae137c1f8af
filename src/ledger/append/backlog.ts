import { Injectable } from '@nestjs/common';
import type { EntryDraft } from '../entry/entry.js';
import { LedgerConnection } from './ledger-connection.js';

/** What the ledger says about itself. */
export interface LedgerCondition {
  /** How long the oldest staged entry has been waiting to be sequenced. */
  readonly backlogSeconds: number;
  /** Why nothing is signed, while that is so. */
  readonly refusal: string | null;
}

/** Beyond this nobody is shown several candidates at once, and the process says that it is not ready. */
const BULK_LIMIT_S = 30;
/** Beyond this nothing is shown at all. */
const LIMIT_S = 300;
/** How long an answer about the backlog is good for. */
const FRESH_MS = 1_000;

/** Whether the tree keeps up, as far as readiness is concerned. */
export const keepsUp = ({ backlogSeconds, refusal }: LedgerCondition): boolean =>
  refusal === null && backlogSeconds <= BULK_LIMIT_S;

/**
 * Whether one more thing may be recorded. What the product has to say for itself, alarms above all, always may:
 * nothing is released with it.
 */
export function mayRecord(draft: EntryDraft, condition: LedgerCondition): boolean {
  if (draft.context.actor.kind === 'system') return true;
  const isBulk = (draft.subjects?.length ?? 0) > 1 || (draft.count ?? 0) > 1;
  return condition.backlogSeconds <= LIMIT_S && (!isBulk || keepsUp(condition));
}

/** Watches how far the tree is behind, asking once a second at the most. */
@Injectable()
export class Backlog {
  readonly #connection: LedgerConnection;
  #latest: LedgerCondition | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<LedgerCondition> | undefined;

  constructor(connection: LedgerConnection) {
    this.#connection = connection;
  }

  /** @throws Error when the backlog does not allow what is to be recorded, or cannot be known */
  async require(draft: EntryDraft): Promise<void> {
    const condition = this.#fresh ?? (await this.condition());
    if (!mayRecord(draft, condition)) throw new Error('Too much waits to be sequenced.');
  }

  async condition(): Promise<LedgerCondition> {
    const latest = this.#fresh;
    if (latest !== undefined) return latest;
    const askedAt = performance.now();
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    this.#latest = await this.#asking;
    this.#askedAt = askedAt;
    return this.#latest;
  }

  get #fresh(): LedgerCondition | undefined {
    return performance.now() - this.#askedAt < FRESH_MS ? this.#latest : undefined;
  }

  async #ask(): Promise<LedgerCondition> {
    const [condition] = await this.#connection.query<LedgerCondition>(
      'SELECT backlog_seconds AS "backlogSeconds", refusal FROM audit.condition()',
      [],
    );
    if (condition === undefined) throw new Error('The ledger does not tell its condition.');
    return condition;
  }
}
