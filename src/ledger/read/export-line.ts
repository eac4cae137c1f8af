import type { Envelope } from '../entry/entry.js';
import { readEnvelope } from '../entry/envelope-reader.js';
import type { RefusedCounts } from './evidence-source.js';
import type { TimeSpan } from './ledger-filter.js';
import type { LedgerLeaf, StoredCheckpoint, StoredSubject } from './ledger-leaf.js';
import { readRecord } from './read-record.js';

const base64 = (bytes: Buffer | undefined): string | undefined => bytes?.toString('base64');

const write = (line: object): string => `${JSON.stringify(line)}\n`;

/**
 * `record` holds the exact bytes under `subjectsRoot`, `listed` is what it is found by, the rest is to read; of a record
 * that was removed there is the hash instead.
 */
function subjectOf({ record, hash, subject, at, position }: StoredSubject): object {
  const listed = { subject, at, position, hash: base64(hash) };
  if (record === null) return { hash: listed.hash, listed };
  const said = readRecord(record);
  const { application, fields } = said ?? {};
  return { record: base64(record), subject: said?.subject, application, fields, listed };
}

/** The entry for people and programs that only read; what does not apply is left out. */
function eventOf({ id, at, action, outcome, reason, purpose, requestId, count, ...rest }: Envelope): object {
  const { actor, client, agency, session, key, resource, origin } = rest;
  const who = { actor, client, agency, session, key };
  return {
    id,
    at,
    action,
    outcome,
    reason,
    ...who,
    resource,
    purpose,
    requestId,
    origin: origin.network,
    count,
  };
}

/**
 * A place of the tree as a line of an export (NDJSON): `entry` (the exact bytes), `hash` (as the tree has it), `writer`,
 * `n`, `signature`, `subjects` and `listed` (as searches find it) are what a verifier needs, `event` repeats the entry to
 * be read. Of an entry whose contents were dropped there is the `hash` only. Bytes are in base64.
 */
export function leafLine({ index, stored, hash, listed, subjects }: LedgerLeaf): string {
  // The place is the line's.
  const row = listed === undefined ? undefined : { ...listed, index: undefined };
  const records = subjects.map(subjectOf);
  if (stored === undefined)
    return write({
      index,
      hash: base64(hash),
      subjects: records.length === 0 ? undefined : records,
      listed: row,
    });
  const envelope = readEnvelope(stored.envelope);
  return write({
    index,
    hash: base64(hash),
    event: envelope === undefined ? undefined : eventOf(envelope),
    subjects: records,
    writer: stored.writer,
    n: stored.n,
    signature: base64(stored.signature),
    entry: base64(stored.envelope),
    listed: row ?? null,
  });
}

/** A checkpoint that the tree must fit when it has its size, which it may reach only later: it comes before. */
export const checkpointLine = ({ note, epoch, size }: StoredCheckpoint): string =>
  write({ checkpoint: note, epoch, size });

/** What an export of the whole ledger has beside its entries. */
export interface Evidence {
  /** Lines of checkpoints, each of which names the one before. */
  readonly checkpoints: number;
  readonly refused: RefusedCounts;
}

/** The last line of an export of the whole ledger: without it, it is not complete. */
export const wholeEndLine = (
  count: number,
  checkpoint: string | undefined,
  { checkpoints, refused }: Evidence,
): string => write({ count, checkpoint, checkpoints, refused: Object.fromEntries(refused) });

/**
 * The last line: without it, an export is not complete.
 * @param count places that were handed out
 * @param checkpoint signed note that covers every one of them; `undefined` before the first one
 * @param part the span of time that was asked for: what is not whole is to be read, not to be verified
 */
export const endLine = (count: number, checkpoint: string | undefined, part: TimeSpan = {}): string =>
  write({ count, checkpoint, ...part });
