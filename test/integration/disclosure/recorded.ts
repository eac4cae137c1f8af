import { setTimeout as pause } from 'node:timers/promises';
import type { TestDatabase } from '../../support/database.js';

export interface RecordedEntry {
  readonly action: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly purpose: string | null;
  readonly resource: string | null;
  readonly fields: readonly string[];
}

const PATIENCE_MS = 15_000;

/** What the tree has about one candidate, oldest first, once nothing is waiting to be sequenced. */
export async function recordedAbout(
  database: TestDatabase,
  candidate: string,
): Promise<readonly RecordedEntry[]> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const staged = await database.query<{ count: number }>(
      'SELECT count(*)::integer AS count FROM audit.staging',
    );
    if (staged[0]?.count === 0) break;
    if (Date.now() > deadline) throw new Error('The sequencer leaves entries in staging.');
    await pause(20);
  }
  return database.query<RecordedEntry & { leaf_index: string }>(
    `SELECT e.action, e.outcome, e.reason, e.purpose, e.resource_id AS resource,
            convert_from(s.record, 'UTF8')::jsonb -> 'fields' AS fields
     FROM audit.subject_reference r
     JOIN audit.subject_record s ON s.subject = r.reference
     JOIN audit.entry e USING (leaf_index)
     WHERE r.candidate_id = $1 ORDER BY e.leaf_index`,
    [candidate],
  );
}
