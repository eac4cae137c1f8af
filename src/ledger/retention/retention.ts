import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { RequestContext, SystemActor } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { ownContext } from '../../kernel/own-context.js';
import { Settings } from '../../platform/config/settings.js';
import { Ledger } from '../append/ledger.js';
import { type Months, MonthStore } from './month-store.js';
import { isMonth, keptFrom } from './months.js';

/** What there is, or was, of one month of UTC. */
export interface LedgerMonth {
  /** `YYYY-MM`. */
  readonly month: string;
  readonly entries: number;
  /** `kept`: its time is not over; `due`: it may be dropped; `dropped`: only hashes are left. */
  readonly state: 'kept' | 'due' | 'dropped';
}

export interface DropOptions {
  /** `YYYY-MM`: only months before it; left out, everything that is due. */
  readonly before?: string | undefined;
  /** Who has it done, if not the product by itself. */
  readonly context?: RequestContext<SystemActor>;
  /** Months. */
  readonly progress?: (done: number, total: number) => void;
}

/**
 * Drops contents whose time is over, oldest month first. What is dropped is said in the ledger before it is, and the
 * sum of what is said there stays the number of entries without contents.
 */
@Injectable()
export class Retention implements OnApplicationShutdown {
  readonly #settings: Settings;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  #opened: MonthStore | undefined;

  constructor(settings: Settings, ledger: Ledger, clock: Clock) {
    this.#settings = settings;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** Oldest first. */
  async months(): Promise<readonly LedgerMonth[]> {
    const limit = this.#limit();
    return (await this.#store().rows()).map(({ month, entries, dropped }) => ({
      month,
      entries,
      state: dropped ? 'dropped' : month < limit ? 'due' : 'kept',
    }));
  }

  /**
   * What `drop` would drop, and nothing is.
   * @throws Failure `invalid_request` for what is no month or one that is still to be kept
   */
  async due(before?: string): Promise<readonly LedgerMonth[]> {
    const end = this.#endOf(before);
    return (await this.months()).filter(({ month, state }) => state === 'due' && month < end);
  }

  /**
   * Drops every month whose time is over.
   * @returns the months that were dropped, with how many entries each had
   * @throws Failure `invalid_request` for what is no month or one that is still to be kept; `ledger_unavailable`
   */
  async drop({ before, context, progress }: DropOptions = {}): Promise<readonly LedgerMonth[]> {
    const end = this.#endOf(before);
    return this.#store().alone(async (months) => {
      const due = (await months.rows()).filter((row) => !row.dropped && row.month < end);
      const dropped: LedgerMonth[] = [];
      progress?.(0, due.length);
      for (const { month } of due) {
        await this.#announce(months, month, context ?? ownContext('retention', this.#clock.now()));
        dropped.push({ month, entries: await months.drop(month), state: 'dropped' });
        progress?.(dropped.length, due.length);
      }
      return dropped;
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#opened?.end();
  }

  /**
   * Says that a month goes, once: a crash, or a sequencer at rest, may have come between saying so and doing it.
   * @throws Failure `ledger_unavailable` while it is not in the signed tree
   */
  async #announce(months: Months, month: string, context: RequestContext<SystemActor>): Promise<void> {
    const announcement = await months.announcement(month);
    if (announcement === 'sequenced') return;
    if (announcement === 'staged') throw new Failure('ledger_unavailable');
    // Asked anew for each month: what an earlier one has said may itself be in it.
    const rows = await months.rows();
    const row = rows.find((candidate) => candidate.month === month && !candidate.dropped);
    const count = (row?.entries ?? 0) + (row?.said ?? 0);
    await this.#ledger.append(
      { action: 'ledger.month_dropped', context, resource: month, count },
      'sequenced',
    );
  }

  #limit(): string {
    return keptFrom(this.#clock.now(), this.#settings.ledger.retentionMonths);
  }

  #endOf(before: string | undefined): string {
    const limit = this.#limit();
    if (before === undefined) return limit;
    if (!isMonth(before) || before > limit) throw tooEarly(limit);
    return before;
  }

  #store(): MonthStore {
    this.#opened ??= new MonthStore(this.#settings.database.sequencerUrl);
    return this.#opened;
  }
}

function tooEarly(limit: string): Failure {
  return new Failure('invalid_request', {
    detail: {
      en: `Months up to ${limit}, given as YYYY-MM, can be named: what is before may be dropped.`,
      fr: `On peut indiquer un mois (AAAA-MM) jusqu'à ${limit} : ce qui le précède peut être supprimé.`,
    },
  });
}
