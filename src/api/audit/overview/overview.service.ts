import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { type LedgerEntry, LedgerReader, type Summary } from '../../../ledger/index.js';
import { CursorCodec, type Page } from '../../../platform/http/index.js';
import { type Auditor, AuditorEntries } from '../auditor-entries.js';
import { IndexCursor } from '../index-cursor.js';
import { timeSpanOf, wrongSpan } from '../time-span.js';
import type { AlertsQuery, SummaryQuery } from './overview.dtos.js';
import { everyDay } from './every-day.js';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
/** A chart's worth; what is longer is an export. */
const MOST_DAYS = 366;
const MOST_GROUPS = 100;

export interface CountedSpan extends Summary {
  readonly from: Date;
  readonly to: Date;
}

/** What an auditor looks at first: how much happened, and what should not have. */
@Injectable()
export class Overview {
  readonly #reader: LedgerReader;
  readonly #entries: AuditorEntries;
  readonly #cursors: CursorCodec;
  readonly #clock: Clock;

  constructor(reader: LedgerReader, entries: AuditorEntries, cursors: CursorCodec, clock: Clock) {
    this.#reader = reader;
    this.#entries = entries;
    this.#cursors = cursors;
    this.#clock = clock;
  }

  /** @throws Failure `invalid_query`, `ledger_unavailable` */
  async summary(context: Auditor, query: SummaryQuery): Promise<CountedSpan> {
    const { to = this.#clock.now(), ...given } = timeSpanOf(query);
    const { from = new Date(to.getTime() - DEFAULT_DAYS * DAY_MS) } = given;
    const days = (to.getTime() - from.getTime()) / DAY_MS;
    if (days < 0 || days > MOST_DAYS) throw wrongSpan('/from');
    await this.#entries.record(context, 'audit.summary_read', { reason: query.by });
    const limit = query.by === 'day' ? MOST_DAYS + 1 : MOST_GROUPS;
    const summary = await this.#reader.summary(query.by, { from, to }, limit);
    const groups = query.by === 'day' ? everyDay(summary.groups, from, to) : summary.groups;
    return { ...summary, groups, from, to };
  }

  /** @throws Failure `invalid_cursor`, `invalid_query`, `ledger_unavailable` */
  async alerts(context: Auditor, { limit, cursor, ...query }: AlertsQuery): Promise<Page<LedgerEntry>> {
    const time = timeSpanOf(query);
    const list = new IndexCursor(this.#cursors, 'audit/alerts', time);
    const before = list.position(cursor);
    await this.#entries.record(context, 'audit.alerts_listed');
    return list.page(await this.#reader.alerts(time, limit + 1, before), limit);
  }
}
