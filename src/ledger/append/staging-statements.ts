import type { CandidateId } from '../../kernel/ids.js';
import type { MarkedTie } from './tie-marks.js';
import type { SignedEntry } from './writer.js';

/** Sends one statement; a pool, the sequencer's connection and a business transaction all can. */
export type Query = <Row extends object>(text: string, values: unknown[]) => Promise<readonly Row[]>;

/** Entries as `audit.append` takes them: an array for each of its parameters. */
export type EntryColumns = readonly unknown[];

const APPEND =
  'SELECT audit.append($1::uuid[], $2::uuid[], $3::bigint[], $4::bytea[], $5::bytea[], $6::bytea[])';

export const columnsOf = (entries: readonly SignedEntry[]): EntryColumns => [
  entries.map((entry) => entry.entryId),
  entries.map((entry) => entry.writer),
  entries.map((entry) => entry.n),
  arrayOf(entries.map((entry) => entry.envelope)),
  arrayOf(entries.map((entry) => entry.subjects)),
  arrayOf(entries.map((entry) => entry.signature)),
];

/** Stages entries in one statement, hence in one commit. */
export async function stageEntries(query: Query, entries: readonly SignedEntry[]): Promise<void> {
  await query(APPEND, [...columnsOf(entries)]);
}

/** Of `bytea` and of arrays that begin with 1, as PostgreSQL sends and receives them. */
const BYTEA = 17;
const FIRST = 1;

/** A `bytea[]` in binary, a third of what it would be as text; an empty one has no dimension. */
function arrayOf(values: readonly Buffer[]): Buffer {
  const dimension = values.length === 0 ? [] : [values.length, FIRST];
  const elements = values.flatMap((value) => [int32(value.length), value]);
  return Buffer.concat([int32(dimension.length / 2, 0, BYTEA, ...dimension), ...elements]);
}

function int32(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [at, number] of numbers.entries()) bytes.writeInt32BE(number, 4 * at);
  return bytes;
}

const TIE = 'candidate_id::text AS candidate, reference::text AS reference, mark';

/** The ties of these candidates; whoever has none is left out. */
export function findTies(query: Query, candidates: readonly CandidateId[]): Promise<readonly MarkedTie[]> {
  return query(`SELECT ${TIE} FROM audit.references_of($1::uuid[])`, [[...candidates]]);
}

/** Keeps ties of candidates who have none. @returns theirs, which may be those that others have kept meanwhile */
export function tie(query: Query, ties: readonly MarkedTie[]): Promise<readonly MarkedTie[]> {
  return query(`SELECT ${TIE} FROM audit.tie($1::uuid[], $2::uuid[], $3::text[])`, [
    ties.map(({ candidate }) => candidate),
    ties.map(({ reference }) => reference),
    ties.map(({ mark }) => mark),
  ]);
}
