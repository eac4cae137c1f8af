import { conditionsOf, type LeafSpan, type Statement } from './ledger-filter.js';

/** What entries are counted by. A day is one of UTC. */
export type SummaryKey = 'day' | 'actor' | 'agency' | 'action';
export const SUMMARY_KEYS = ['day', 'actor', 'agency', 'action'] as const satisfies readonly SummaryKey[];

/** Entries of one day, actor, agency or action. */
export interface SummaryGroup {
  /** `null` counts the entries that have none. */
  readonly key: string | null;
  readonly entries: number;
  readonly allowed: number;
  readonly refused: number;
  readonly failed: number;
  /** Sum of the entries' own counts: candidates or things that they touched, and 1 for an entry about one or none. */
  readonly count: number;
}

export interface Summary {
  readonly groups: readonly SummaryGroup[];
  /** Of all groups, also of those beyond the limit. */
  readonly entries: number;
}

export interface SummaryRow {
  readonly key: string | null;
  readonly entries: string;
  readonly allowed: string;
  readonly refused: string;
  readonly failed: string;
  readonly count: string;
  readonly total: string;
}

const KEY_OF = {
  day: `to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD')`,
  actor: 'e.actor_id',
  agency: 'e.agency_id::text',
  action: 'e.action',
} as const satisfies Record<SummaryKey, string>;

/** Days in their order, everything else with the most entries first. */
export function summaryQuery(
  by: SummaryKey,
  time: { readonly from: Date; readonly to: Date },
  span: LeafSpan,
  limit: number,
): Statement {
  const { where, values } = conditionsOf(time, span, 2);
  return {
    text: `SELECT ${KEY_OF[by]} AS key, count(*)::text AS entries,
             count(*) FILTER (WHERE e.outcome = 'allowed')::text AS allowed,
             count(*) FILTER (WHERE e.outcome = 'refused')::text AS refused,
             count(*) FILTER (WHERE e.outcome = 'failed')::text AS failed,
             sum(e.count)::text AS count, (sum(count(*)) OVER ())::text AS total
           FROM audit.entries e WHERE ${where}
           GROUP BY 1 ORDER BY ${by === 'day' ? '1' : 'count(*) DESC, 1'} LIMIT $1`,
    values: [limit, ...values],
  };
}

export function summaryOf(rows: readonly SummaryRow[]): Summary {
  return {
    entries: Number(rows[0]?.total ?? 0),
    groups: rows.map(({ key, entries, allowed, refused, failed, count }) => ({
      key,
      entries: Number(entries),
      allowed: Number(allowed),
      refused: Number(refused),
      failed: Number(failed),
      count: Number(count),
    })),
  };
}
