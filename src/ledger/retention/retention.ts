import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { Clock } from '../../kernel/clock.js';
import type { RequestContext, SystemActor } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { newId } from '../../kernel/ids.js';
import { Settings } from '../../platform/config/settings.js';
import { createPool } from '../../platform/database/pool.js';
import { Ledger } from '../append/ledger.js';
import { isMonth, keptFrom } from './months.js';

/** What there is, or was, of one month of UTC. */
export interface LedgerMonth {
  /** `YYYY-MM`. */
  readonly month: string;
  readonly entries: number;
  /** `kept`: its time is not over; `due`: it may be dropped; `dropped`: only hashes are left. */
  readonly state: 'kept' | 'due' | 'dropped';
}

interface MonthRow {
  readonly month: string;
  readonly entries: string;
  readonly said: string;
  readonly dropped: boolean;
}

/** Long enough for the rows of a large month. */
const STATEMENT_MS = 30 * 60 * 1_000;

/**
 * Drops contents whose time is over, oldest month first. What is dropped is said in the ledger before it is, and the
 * sum of what is said there stays the number of entries without contents.
 */
@Injectable()
export class Retention implements OnApplicationShutdown {
  readonly #settings: Settings;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  #pool: pg.Pool | undefined;

  constructor(settings: Settings, ledger: Ledger, clock: Clock) {
    this.#settings = settings;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** Oldest first. */
  async months(): Promise<readonly LedgerMonth[]> {
    const limit = this.#limit();
    return (await this.#rows()).map(({ month, entries, dropped }) => ({
      month,
      entries: Number(entries),
      state: dropped ? 'dropped' : month < limit ? 'due' : 'kept',
    }));
  }

  /**
   * Drops every month before this one whose time is over.
   * @param before `YYYY-MM`; left out, everything that is due
   * @param context who has it done, if not the product by itself
   * @returns the months that were dropped, with how many entries each had
   * @throws Failure `invalid_request` for what is no month or one that is still to be kept; `ledger_unavailable`
   */
  async drop(
    before: string = this.#limit(),
    context: RequestContext<SystemActor> = this.#ownContext(),
  ): Promise<readonly LedgerMonth[]> {
    const limit = this.#limit();
    if (!isMonth(before) || before > limit) throw tooEarly(limit);
    const dropped: LedgerMonth[] = [];
    for (const row of await this.#rows()) {
      if (!row.dropped && row.month < before) dropped.push(await this.#dropMonth(row.month, context));
    }
    return dropped;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#pool?.end();
  }

  /** Asked anew for each month: what an earlier one has said may itself be in it. */
  async #dropMonth(month: string, context: RequestContext<SystemActor>): Promise<LedgerMonth> {
    const row = (await this.#rows()).find((candidate) => candidate.month === month && !candidate.dropped);
    if (!(await this.#isSaid(month))) {
      const count = Number(row?.entries ?? 0) + Number(row?.said ?? 0);
      await this.#ledger.append(
        { action: 'ledger.month_dropped', context, resource: month, count },
        'sequenced',
      );
    }
    const [result] = await this.#query<{ entries: string }>(
      'SELECT audit.drop_month($1::date)::text AS entries',
      [`${month}-01`],
    );
    return { month, entries: Number(result?.entries ?? 0), state: 'dropped' };
  }

  /** Whether a crash came between saying so and doing it. */
  async #isSaid(month: string): Promise<boolean> {
    const rows = await this.#query(
      `SELECT FROM audit.entry WHERE action = 'ledger.month_dropped' AND resource_id = $1`,
      [month],
    );
    return rows.length > 0;
  }

  #limit(): string {
    return keptFrom(this.#clock.now(), this.#settings.ledger.retentionMonths);
  }

  #rows(): Promise<readonly MonthRow[]> {
    return this.#query<MonthRow>(
      'SELECT month, entries::text, said::text, dropped FROM audit.months ORDER BY month, dropped DESC',
    );
  }

  async #query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    this.#pool ??= createPool(this.#settings.database.sequencerUrl, {
      applicationName: 'sceau-retention',
      max: 1,
      statementTimeoutMs: STATEMENT_MS,
    });
    return (await this.#pool.query<Row>(text, [...values])).rows;
  }

  #ownContext(): RequestContext<SystemActor> {
    return {
      requestId: newId<'request'>(this.#clock.now().getTime()),
      actor: { kind: 'system', name: 'retention' },
      locale: 'en',
      address: 'local',
    };
  }
}

function tooEarly(limit: string): Failure {
  return new Failure('invalid_request', {
    detail: {
      en: `Months before ${limit} can be dropped, given as YYYY-MM.`,
      fr: `Seuls les mois antérieurs à ${limit} peuvent être supprimés (format AAAA-MM).`,
    },
  });
}
