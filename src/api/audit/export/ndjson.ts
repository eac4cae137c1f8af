import { type ExportedEntry, readRecord } from '../../../ledger/index.js';
import { type ExportedPlace, type ExportFormat, isEntry } from './export-format.js';

type ExportedRecord = ExportedEntry['records'][number];

const base64 = (bytes: Buffer): string => bytes.toString('base64');

/** `record` holds the exact bytes under `subjectsRoot`, the rest is to read; of an erased record there is the hash only. */
function subjectOf({ record, hash }: ExportedRecord): object {
  if (record === null) return { hash: base64(hash) };
  const { subject, application, fields } = readRecord(record) ?? {};
  return { record: base64(record), subject, application, fields };
}

/** The entry for people and programs that only read; what does not apply is left out. */
function eventOf(envelope: NonNullable<ExportedEntry['envelope']>): object {
  const { id, at, action, outcome, reason, actor, client, agency, session, resource, purpose } = envelope;
  const { requestId, origin, count } = envelope;
  const who = { actor, client, agency, session };
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
 * A place of the tree a line: `entry` (the exact bytes), `writer`, `n`, `signature` and `subjects` are what a verifier
 * needs, `event` repeats the entry to be read. Of an entry whose contents were dropped there is the leaf's `hash` only.
 * Bytes are in base64.
 */
function line(place: ExportedPlace): string {
  if (!isEntry(place)) return `${JSON.stringify({ index: place.index, hash: base64(place.hash) })}\n`;
  const { index, bytes, writer, records, envelope } = place;
  return `${JSON.stringify({
    index,
    event: envelope === undefined ? undefined : eventOf(envelope),
    subjects: records.map(subjectOf),
    writer: writer.id,
    n: writer.n,
    signature: base64(writer.signature),
    entry: base64(bytes),
  })}\n`;
}

/** RFC 8259 texts, a line each. The last one has `count` and `checkpoint`: without it, an export is not complete. */
export const NDJSON: ExportFormat = {
  mediaType: 'application/x-ndjson',
  extension: 'ndjson',
  begin: '',
  lines: (places) => places.map(line).join(''),
  end: ({ count, checkpoint }) => `${JSON.stringify({ count, checkpoint })}\n`,
};
