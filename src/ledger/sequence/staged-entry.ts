import { setImmediate as turn } from 'node:timers/promises';
import type { Envelope } from '../entry/entry.js';
import { readEnvelope, readSubject } from '../entry/envelope-reader.js';
import { splitRecords } from '../entry/subject-record.js';
import { leafHash, rootOf, sha256 } from '../merkle/index.js';

/** A row of staging. */
export interface StagedRow {
  readonly entry_id: string;
  readonly writer: string;
  readonly n: string;
  readonly envelope: Buffer;
  readonly subjects: Buffer;
  readonly signature: Buffer;
  /** How long it has been there, by the database's own clock. */
  readonly waited_ms: number;
}

/** One subject's record: its bytes, and the reference it is found under. */
export interface StagedSubject {
  readonly subject: string;
  readonly bytes: Buffer;
  /** Its leaf hash under the entry's `subjectsRoot`. */
  readonly hash: Buffer;
}

/** A row that has been read and is one of ours by its form. */
export interface StagedEntry {
  readonly entryId: string;
  readonly writer: string;
  readonly n: number;
  readonly bytes: Buffer;
  readonly envelope: Envelope;
  readonly subjects: readonly StagedSubject[];
  readonly signature: Buffer;
  readonly waitedMs: number;
  /** By which the stream's next entry names this one. */
  readonly digest: Buffer;
  /** By which the tree names it. */
  readonly leaf: Buffer;
  /** By which it names the one before. */
  readonly previous: string | undefined;
}

/** A row, and the entry that it is if its form is one of ours. */
export interface ReadRow {
  readonly row: Pick<StagedRow, 'entry_id' | 'writer'>;
  readonly entry: StagedEntry | undefined;
}

/** So many rows are read before whatever else is due has its turn. */
const TURN = 256;

export async function readRows(rows: readonly StagedRow[]): Promise<readonly ReadRow[]> {
  const read: ReadRow[] = [];
  for (const [at, row] of rows.entries()) {
    if (at % TURN === TURN - 1) await turn();
    read.push({ row, entry: readStaged(row) });
  }
  return read;
}

/** @returns `undefined` for a row that no writer of ours can have staged */
export function readStaged(row: StagedRow): StagedEntry | undefined {
  const envelope = readEnvelope(row.envelope);
  const subjects = readSubjects(row.subjects);
  const n = Number(row.n);
  if (envelope === undefined || subjects === undefined) return undefined;
  const root = rootOf(subjects.map((record) => record.hash)).toString('base64url');
  const agrees =
    envelope.id === row.entry_id &&
    envelope.writer === row.writer &&
    envelope.n === n &&
    envelope.subjectsRoot === root;
  if (!agrees) return undefined;
  return {
    entryId: row.entry_id,
    writer: row.writer,
    n,
    bytes: row.envelope,
    envelope,
    subjects,
    signature: row.signature,
    waitedMs: row.waited_ms,
    digest: sha256(row.envelope),
    leaf: leafHash(row.envelope),
    previous: envelope.previous,
  };
}

function readSubjects(joined: Buffer): readonly StagedSubject[] | undefined {
  const subjects: StagedSubject[] = [];
  try {
    for (const bytes of splitRecords(joined)) {
      const subject = readSubject(bytes);
      if (subject === undefined) return undefined;
      subjects.push({ subject, bytes, hash: leafHash(bytes) });
    }
  } catch {
    return undefined;
  }
  return subjects;
}
