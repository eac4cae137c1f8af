import { Injectable } from '@nestjs/common';
import { Failure } from '../../kernel/errors.js';
import { type Action, ALERTS } from '../entry/vocabulary.js';
import { AuditorConnection } from './auditor-connection.js';
import {
  actionSpanQuery,
  actionsQuery,
  type ClientEntry,
  clientsQuery,
  entryQuery,
  type EntrySummary,
  followingQuery,
  fromRow,
  leavesQuery,
  type LedgerEntry,
  listQuery,
  type RecordRow,
  recordsQuery,
  type SummaryRow as EntryRow,
} from './entry-query.js';
import { LeafSpans } from './leaf-spans.js';
import type { LeafSpan, LedgerFilter, Statement, TimeSpan } from './ledger-filter.js';
import { type Summary, type SummaryKey, summaryOf, summaryQuery, type SummaryRow } from './summary-query.js';

/** Reads entries as role `sceau_auditor`. */
@Injectable()
export class LedgerReader {
  readonly #auditor: AuditorConnection;
  readonly #spans: LeafSpans;

  constructor(auditor: AuditorConnection, spans: LeafSpans) {
    this.#auditor = auditor;
    this.#spans = spans;
  }

  /** Newest first. @param before only entries with a smaller index */
  async list(filter: LedgerFilter, limit: number, before?: number): Promise<readonly LedgerEntry[]> {
    const span = await this.#spans.of(filter, before);
    if (span === undefined) return [];
    const { subject, ...rest } = filter;
    if (subject === undefined) return this.#entries(listQuery(rest, span, limit));
    return this.#entries(listQuery(rest, span, limit, await this.#leavesOf(subject, span)));
  }

  /** What the vocabulary calls alerts, newest first. @param before only entries with a smaller index */
  async alerts(time: TimeSpan, limit: number, before?: number): Promise<readonly LedgerEntry[]> {
    const span = await this.#spans.of(time, before);
    return span === undefined ? [] : this.#entries(actionsQuery(ALERTS, time, span, limit));
  }

  /** What clients have done of some actions from a moment on, and the ids of any kind that were not theirs, in the order of the tree. */
  async ofClients(actions: readonly Action[], from: Date): Promise<readonly ClientEntry[]> {
    const span = await this.#spans.of({ from });
    if (span === undefined) return [];
    const { text, values } = clientsQuery(actions, span, from);
    type Row = EntryRow & Pick<ClientEntry, 'application'>;
    return (await this.#auditor.query<Row>(text, values)).map(fromRow);
  }

  /** What the vocabulary calls alerts, oldest first, in the order of the tree. @param after index of the last one known */
  async alertsAfter(after: number, limit: number): Promise<readonly EntrySummary[]> {
    const { text, values } = followingQuery(ALERTS, after, limit);
    return (await this.#auditor.query<EntryRow>(text, values)).map(fromRow);
  }

  /** When an action was first and last done to something; `undefined` where it never was, as far as contents are kept. */
  async spanOf(
    action: Action,
    resource: string,
  ): Promise<{ readonly first: Date; readonly last: Date } | undefined> {
    const { text, values } = actionSpanQuery(action, resource);
    type Row = { readonly first: Date | null; readonly last: Date | null };
    const [row] = await this.#auditor.queryPatiently<Row>(text, values);
    return row?.first && row.last ? { first: row.first, last: row.last } : undefined;
  }

  /** @param limit most groups that are named */
  async summary(
    by: SummaryKey,
    time: { readonly from: Date; readonly to: Date },
    limit: number,
  ): Promise<Summary> {
    const span = await this.#spans.of(time);
    if (span === undefined) return summaryOf([]);
    const { text, values } = summaryQuery(by, time, span, limit);
    return summaryOf(await this.#auditor.query<SummaryRow>(text, values));
  }

  /** @throws Failure `not_found` */
  async entry(id: string): Promise<LedgerEntry> {
    const { text, values } = entryQuery(id);
    const [entry] = await this.#entries({ text, values });
    if (entry === undefined) throw new Failure('not_found');
    return entry;
  }

  async #leavesOf(subject: string, span: LeafSpan): Promise<readonly string[]> {
    const { text, values } = leavesQuery(subject, span);
    const rows = await this.#auditor.queryPrepared<{ index: string }>('leaves', text, values);
    return rows.map(({ index }) => index);
  }

  async #entries({ text, values }: Statement): Promise<readonly LedgerEntry[]> {
    const entries = (await this.#auditor.query<EntryRow>(text, values)).map(fromRow);
    if (entries.length === 0) return [];
    const wanted = recordsQuery(entries);
    const rows = await this.#auditor.query<RecordRow>(wanted.text, wanted.values);
    const records = Map.groupBy(rows, ({ index }) => Number(index));
    return entries.map((entry) => ({
      ...entry,
      subjects: (records.get(entry.index) ?? []).map(({ record }) => record),
    }));
  }
}
