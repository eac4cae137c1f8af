import { createHash, verify } from 'node:crypto';
import type { Envelope, SubjectRecord } from '../entry/entry.js';
import { subjectsRoot } from '../entry/entry.js';
import { leafHash, publicKeyFromRaw } from '../merkle/index.js';
import type { StreamKind } from '../append/writer.js';

/** A row of staging, as the sequencer takes it. */
export interface StagedEntry {
  readonly entryId: string;
  readonly writer: string;
  readonly n: number;
  readonly bytes: Buffer;
  readonly envelope: Envelope;
  readonly records: readonly SubjectRecord[];
  readonly recordBytes: Buffer;
  readonly signature: Buffer;
  readonly stagedAt: Date;
}

export interface StagedRow {
  entry_id: string;
  writer: string;
  n: string;
  envelope: Buffer;
  subjects: Buffer;
  signature: Buffer;
  staged_at: Date;
}

/** @returns `undefined` for a row that no writer of ours can have staged */
export function readStaged(row: StagedRow): StagedEntry | undefined {
  try {
    const envelope: Envelope = JSON.parse(row.envelope.toString('utf8'));
    const records: readonly SubjectRecord[] = JSON.parse(row.subjects.toString('utf8'));
    const entry: StagedEntry = {
      entryId: row.entry_id,
      writer: row.writer,
      n: Number(row.n),
      bytes: row.envelope,
      envelope,
      records,
      recordBytes: row.subjects,
      signature: row.signature,
      stagedAt: row.staged_at,
    };
    const agrees =
      envelope.id === entry.entryId &&
      envelope.writer === entry.writer &&
      envelope.n === entry.n &&
      envelope.subjectsRoot === subjectsRoot(records).toString('base64url');
    return agrees ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** What the sequencer knows of a writer: its key and how far its entries are in the tree. */
export interface KnownWriter {
  readonly publicKey: Buffer;
  readonly kind: StreamKind;
  sequenced: number;
}

/** The writer that an entry introduces, if it does. */
export function introducedWriter({ envelope }: StagedEntry): { id: string; writer: KnownWriter } | undefined {
  if (envelope.action !== 'ledger.writer_registered' || envelope.writerKey === null) return undefined;
  const { id } = envelope.resource;
  const kind = envelope.reason === 'changes' ? 'changes' : 'reads';
  if (id === null) return undefined;
  return { id, writer: { publicKey: Buffer.from(envelope.writerKey, 'base64url'), kind, sequenced: 0 } };
}

export function isSignedBy(entry: StagedEntry, writer: KnownWriter): boolean {
  return (
    writer.publicKey.length === 32 &&
    verify(null, entry.bytes, publicKeyFromRaw(writer.publicKey), entry.signature)
  );
}

export const entryDigest = (entry: StagedEntry): string =>
  createHash('sha256').update(entry.bytes).digest('base64url');

export const hashOf = (entry: StagedEntry): Buffer => leafHash(entry.bytes);
