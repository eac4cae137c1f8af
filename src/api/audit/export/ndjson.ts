import { type ExportedEntry, readRecord } from '../../../ledger/index.js';
import type { ExportFormat } from './export-format.js';

type ExportedRecord = ExportedEntry['records'][number];

const base64 = (bytes: Buffer): string => bytes.toString('base64');

/** `record` holds the exact bytes under `subjectsRoot`, the rest is to read; of an erased record there is the hash only. */
function subjectOf({ record, hash }: ExportedRecord): object {
  if (record === null) return { hash: base64(hash) };
  const { subject, application, fields } = readRecord(record) ?? {};
  return { record: base64(record), subject, application, fields };
}

/**
 * An entry a line: `entry` (the exact bytes), `writer`, `n`, `signature` and `subjects` are what a verifier needs, the
 * other members repeat the entry for people and programs that only read. Bytes are in base64.
 */
function line(exported: ExportedEntry): string {
  const { index, bytes, writer, records, envelope } = exported;
  const { id, at, action, outcome, reason, actor, client, agency, session, resource, purpose, requestId } =
    envelope ?? {};
  return `${JSON.stringify({
    index,
    id,
    at,
    action,
    outcome,
    reason,
    actor,
    client,
    agency,
    session,
    resource,
    purpose,
    requestId,
    origin: envelope?.origin.network,
    count: envelope?.count,
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
  lines: (entries) => entries.map(line).join(''),
  end: ({ count, checkpoint }) => `${JSON.stringify({ count, checkpoint })}\n`,
};
