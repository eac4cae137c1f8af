import type { Action, EntryPurpose, Outcome } from '../entry/vocabulary.js';
import type { SubjectRecord } from '../entry/subject-record.js';
import { conditionsOf, type LeafSpan, type LedgerFilter, type Statement } from './ledger-filter.js';

/** An entry as the index table has it. */
export interface EntrySummary {
  readonly index: number;
  readonly id: string;
  readonly at: Date;
  /** One of the vocabulary, or what was one when it was written. */
  readonly action: string;
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly actorKind: string;
  readonly actorId: string | null;
  readonly clientId: string | null;
  readonly agencyId: string | null;
  readonly sessionId: string | null;
  /** Thumbprint of the key that an agency's program has proven to hold. */
  readonly key: string | null;
  readonly resourceType: string;
  readonly resourceId: string | null;
  readonly purpose: EntryPurpose | null;
  readonly requestId: string;
  /** Keyed hashes of the address that the request came from, and of its network. */
  readonly originAddress: string;
  readonly originNetwork: string;
  readonly count: number;
}

/** An entry with the subjects it touched; records that were erased are not among them. */
export interface LedgerEntry extends EntrySummary {
  readonly subjects: readonly SubjectRecord[];
}

/** As the database gives it. */
export type SummaryRow = Omit<EntrySummary, 'index'> & { readonly index: string };

export const fromRow = <Row extends SummaryRow>(
  row: Row,
): Omit<Row, 'index'> & { readonly index: number } => ({
  ...row,
  index: Number(row.index),
});

/** Columns of `audit.entries e` as `EntryRow` names them. */
export const COLUMNS = `e.leaf_index::text AS index, e.entry_id::text AS id, e.at, e.action, e.outcome, e.reason,
  e.actor_kind AS "actorKind", e.actor_id AS "actorId", e.client_id::text AS "clientId", e.agency_id::text AS "agencyId",
  e.session_id::text AS "sessionId", e.key, e.resource_type AS "resourceType", e.resource_id AS "resourceId", e.purpose,
  e.request_id::text AS "requestId", e.origin_address AS "originAddress", e.origin_network AS "originNetwork", e.count`;

/** A subject's record, and the entry it belongs to. */
export interface RecordRow {
  readonly index: string;
  readonly record: SubjectRecord;
}

/**
 * The records of entries, those that were erased excepted. Asked for apart: with the times that it can be told then, the
 * database need not think of every month that there is.
 */
export function recordsQuery(entries: readonly EntrySummary[]): Statement {
  const times = entries.map(({ at }) => at.getTime());
  return {
    text: `SELECT leaf_index::text AS index, convert_from(record, 'UTF8')::jsonb AS record FROM audit.subject_records r
           WHERE leaf_index = ANY ($1::bigint[]) AND at BETWEEN $2 AND $3 AND record IS NOT NULL
           ORDER BY r.leaf_index, r.position`,
    values: [entries.map(({ index }) => index), new Date(Math.min(...times)), new Date(Math.max(...times))],
  };
}

/** The leaves that touch a subject, in whatever month. */
export function leavesQuery(subject: string, { first, last }: LeafSpan): Statement {
  return {
    text: `SELECT DISTINCT leaf_index::text AS index FROM audit.subject_records
           WHERE subject = $1 AND leaf_index BETWEEN $2 AND $3`,
    values: [subject, first, last],
  };
}

/** Newest first. @param among the leaves that come into question, where that is known */
export function listQuery(
  filter: LedgerFilter,
  span: LeafSpan,
  limit: number,
  among?: readonly string[],
): Statement {
  const { where, values } = conditionsOf(filter, span, 3);
  return {
    text: `SELECT ${COLUMNS} FROM audit.entries e
           WHERE ${among === undefined ? '$2::bigint[] IS NULL' : 'e.leaf_index = ANY ($2::bigint[])'} AND ${where}
           ORDER BY e.leaf_index DESC LIMIT $1`,
    values: [limit, among ?? null, ...values],
  };
}

/** Entries of a few rare actions, newest first: each action's own newest are looked up, never what lies between. */
export function actionsQuery(
  actions: readonly Action[],
  filter: LedgerFilter,
  span: LeafSpan,
  limit: number,
): Statement {
  const { where, values } = conditionsOf(filter, span, 3);
  return {
    text: `SELECT ${COLUMNS} FROM unnest($2::text[]) AS a (action)
           CROSS JOIN LATERAL (SELECT * FROM audit.entries e WHERE e.action = a.action AND ${where}
             ORDER BY e.leaf_index DESC LIMIT $1) e
           ORDER BY e.leaf_index DESC LIMIT $1`,
    values: [limit, actions, ...values],
  };
}

/** When an action was first and last done to something. */
export function actionSpanQuery(action: Action, resource: string): Statement {
  return {
    text: `SELECT min(e.at) AS first, max(e.at) AS last FROM audit.entries e
           WHERE e.action = $1 AND e.resource_id = $2 AND e.outcome = 'allowed'`,
    values: [action, resource],
  };
}

/** Entries of a few rare actions after one, oldest first, without their subjects. */
export function followingQuery(actions: readonly Action[], after: number, limit: number): Statement {
  return {
    text: `SELECT ${COLUMNS} FROM unnest($2::text[]) AS a (action)
           CROSS JOIN LATERAL (SELECT * FROM audit.entries e WHERE e.action = a.action AND e.leaf_index > $3
             ORDER BY e.leaf_index LIMIT $1) e
           ORDER BY e.leaf_index LIMIT $1`,
    values: [limit, actions, after],
  };
}

/** What a client has done. */
export interface ClientEntry extends EntrySummary {
  /** The first application that it gave something of, whatever its resource is. */
  readonly application: string | null;
}

/** What clients have done of a few actions and whatever they have missed, oldest first. @param from inclusive */
export function clientsQuery(actions: readonly Action[], span: LeafSpan, from: Date): Statement {
  return {
    text: `SELECT ${COLUMNS}, (
             SELECT convert_from(r.record, 'UTF8')::jsonb ->> 'application' FROM audit.subject_records r
             WHERE r.leaf_index = e.leaf_index AND r.at = e.at AND r.record IS NOT NULL
             ORDER BY r.position LIMIT 1) AS application
           FROM audit.entries e
           WHERE e.leaf_index BETWEEN $1 AND $2 AND e.at >= $3 AND e.client_id IS NOT NULL
             AND (e.action = ANY ($4) OR e.reason = 'not_found')
           ORDER BY e.leaf_index`,
    values: [span.first, span.last, from, actions],
  };
}

/** In their order. @param end exclusive */
export function rowsQuery(from: number, end: number): Statement {
  return {
    text: `SELECT ${COLUMNS} FROM audit.entries e WHERE e.leaf_index >= $1 AND e.leaf_index < $2 ORDER BY e.leaf_index`,
    values: [from, end],
  };
}

export function entryQuery(id: string): Statement {
  return {
    text: `SELECT ${COLUMNS} FROM audit.entries e WHERE e.entry_id = $1`,
    values: [id],
  };
}
