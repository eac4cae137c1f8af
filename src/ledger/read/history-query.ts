import { COLUMNS, type SummaryRow } from './entry-query.js';
import type { Statement } from './ledger-filter.js';

/** An entry, the subject's own records in it, and the hashes of all its records. */
export interface HistoryRow extends SummaryRow {
  readonly envelope: Buffer;
  /** The subject's own records, each followed by a line feed. */
  readonly records: Buffer;
  /** Where each of them stands. */
  readonly positions: readonly number[];
  /** 32 bytes for each record of the entry. */
  readonly recordHashes: Buffer;
}

/** Entries that touched one subject, newest first. @param before only entries with a smaller index */
export function historyQuery(subject: string, limit: number, before: number): Statement {
  return {
    text: `
      SELECT ${COLUMNS}, l.envelope, s.records, s.positions, s."recordHashes"
      FROM (SELECT DISTINCT leaf_index FROM audit.subject_records
            WHERE subject = $2 AND leaf_index < $3 ORDER BY leaf_index DESC LIMIT $1) AS own
      JOIN audit.entries e USING (leaf_index)
      JOIN audit.leaves l ON l.leaf_index = e.leaf_index AND l.at = e.at
      CROSS JOIN LATERAL (
        SELECT string_agg(r.hash, '' ORDER BY r.position) AS "recordHashes",
          string_agg(r.record || '\\x0a'::bytea, '' ORDER BY r.position) FILTER (WHERE r.subject = $2 AND r.record IS NOT NULL) AS records,
          array_agg(r.position ORDER BY r.position) FILTER (WHERE r.subject = $2 AND r.record IS NOT NULL) AS positions
        FROM audit.subject_records r WHERE r.leaf_index = e.leaf_index AND r.at = e.at) AS s
      WHERE s.records IS NOT NULL
      ORDER BY e.leaf_index DESC`,
    values: [limit, subject, before],
  };
}
