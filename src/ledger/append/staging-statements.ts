import type { CandidateId } from '../../kernel/ids.js';
import type { SignedEntry } from './writer.js';

/** Sends one statement; a pool, the sequencer's connection and a business transaction all can. */
export type Query = <Row extends object>(text: string, values: unknown[]) => Promise<readonly Row[]>;

/** Stages entries in one statement, hence in one commit. */
export async function stageEntries(query: Query, entries: readonly SignedEntry[]): Promise<void> {
  await query(
    'SELECT audit.append($1::uuid[], $2::uuid[], $3::bigint[], $4::bytea[], $5::bytea[], $6::bytea[])',
    [
      entries.map((entry) => entry.entryId),
      entries.map((entry) => entry.writer),
      entries.map((entry) => entry.n),
      entries.map((entry) => entry.envelope),
      entries.map((entry) => entry.subjects),
      entries.map((entry) => entry.signature),
    ],
  );
}

/** The references of these candidates, made where there is none yet. */
export async function findReferences(
  query: Query,
  candidates: readonly CandidateId[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await query<{ candidate_id: string; reference: string }>(
    'SELECT candidate_id::text, reference::text FROM audit.references_of($1::uuid[])',
    [[...candidates]],
  );
  return new Map(rows.map((row) => [row.candidate_id, row.reference]));
}
