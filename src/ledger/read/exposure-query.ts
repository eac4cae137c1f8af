import type { Action } from '../entry/vocabulary.js';
import { COLUMNS, type SummaryRow } from './entry-query.js';
import { conditionsOf, type LeafSpan, type LedgerFilter, type Statement } from './ledger-filter.js';

/** What gives somebody's data without naming fields: all that is held of them, or an answer that was given before. */
const WITHOUT_FIELDS: readonly Action[] = ['candidate.exported', 'answer.replayed'];

/** One subject's part of what was found. */
export interface SubjectRow {
  readonly subject: string;
  readonly entries: number;
  readonly first: Date;
  readonly last: Date;
  /** JSON lists of fields, each that occurs once. */
  readonly fields: readonly string[];
  /** Of all subjects. */
  readonly allEntries: number;
}

/** Whoever acted in what was found, refused or not. */
export interface ActorRow {
  readonly actorKind: string;
  readonly actorId: string;
  readonly agencyId: string | null;
  /** When they did last. */
  readonly last: Date;
}

/** An entry, its exact bytes, and those of its subjects' records in their order. */
export interface ExposureRow extends SummaryRow {
  readonly envelope: Buffer;
  /** In base64, in their order; of an erased record there is the hash only. */
  readonly records: readonly { readonly record: string | null; readonly hash: string }[];
}

interface Question {
  readonly from: string;
  readonly values: readonly unknown[];
}

/** `told`: a row for each subject of each entry by which something of theirs was given or changed. */
function toldOf(filter: LedgerFilter, span: LeafSpan, after = ''): Question {
  const { where, values } = conditionsOf({ ...filter, outcome: 'allowed' }, span, 3);
  return {
    from: `
      WITH matched AS MATERIALIZED (SELECT e.leaf_index, e.at, e.action FROM audit.entries e WHERE ${where}),
      told AS MATERIALIZED (
        SELECT m.leaf_index, m.at, r.subject, s.fields
        FROM matched m JOIN audit.subject_records r ON r.leaf_index = m.leaf_index AND r.at = m.at
        CROSS JOIN LATERAL (SELECT convert_from(r.record, 'UTF8')::jsonb -> 'fields' AS fields OFFSET 0) AS s
        WHERE r.record IS NOT NULL AND ($2 = '' OR r.subject > nullif($2, '')::uuid)
          AND (m.action = ANY ($1::text[]) OR s.fields <> '[]'))`,
    values: [WITHOUT_FIELDS, after, ...values],
  };
}

/** How many entries gave something of anybody but these subjects. */
export function entriesQuery(filter: LedgerFilter, span: LeafSpan, except: readonly string[]): Statement {
  const { from, values } = toldOf(filter, span);
  return {
    text: `${from}
      SELECT count(DISTINCT leaf_index)::integer AS entries
      FROM told WHERE subject <> ALL ($${values.length + 1}::uuid[])`,
    values: [...values, except],
  };
}

/** In the order of their references. @param after only those with a greater one */
export function subjectsQuery(
  filter: LedgerFilter,
  span: LeafSpan,
  limit: number | null,
  after?: string,
): Statement {
  const { from, values } = toldOf(filter, span, after);
  return {
    text: `${from}
      SELECT t.subject::text AS subject, count(DISTINCT t.leaf_index)::integer AS entries, min(t.at) AS first,
        max(t.at) AS last, array_agg(DISTINCT t.fields::text) AS fields,
        (SELECT count(DISTINCT leaf_index)::integer FROM told) AS "allEntries"
      FROM told t GROUP BY t.subject ORDER BY t.subject LIMIT $${values.length + 1}`,
    values: [...values, limit],
  };
}

/** The entries themselves, newest first. */
export function exposuresQuery(filter: LedgerFilter, span: LeafSpan, limit: number): Statement {
  const { from, values } = toldOf(filter, span);
  return {
    text: `${from}
      SELECT ${COLUMNS}, l.envelope, (
        SELECT json_agg(json_build_object('record', encode(r.record, 'base64'), 'hash', encode(r.hash, 'base64'))
          ORDER BY r.position) FROM audit.subject_records r WHERE r.leaf_index = e.leaf_index AND r.at = e.at) AS records
      FROM (SELECT DISTINCT leaf_index FROM told ORDER BY leaf_index DESC LIMIT $${values.length + 1}) AS t
      JOIN audit.entries e USING (leaf_index)
      JOIN audit.leaves l ON l.leaf_index = e.leaf_index AND l.at = e.at
      ORDER BY e.leaf_index DESC`,
    values: [...values, limit],
  };
}

/** Clients and people by whom it was done or tried. */
export function actorsQuery(filter: LedgerFilter, span: LeafSpan): Statement {
  const { where, values } = conditionsOf(filter, span, 1);
  return {
    text: `SELECT e.actor_kind AS "actorKind", e.actor_id AS "actorId",
             CASE e.actor_kind WHEN 'agency' THEN e.agency_id::text END AS "agencyId", max(e.at) AS last
           FROM audit.entries e
           WHERE ${where} AND e.actor_kind IN ('agency', 'candidate', 'auditor', 'operator') AND e.actor_id IS NOT NULL
           GROUP BY 1, 2, 3 ORDER BY 1, 2`,
    values,
  };
}
