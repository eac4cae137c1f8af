import { Injectable } from '@nestjs/common';
import type { Envelope } from '../entry/entry.js';
import { readEnvelope } from '../entry/envelope-reader.js';
import { splitRecords } from '../entry/subject-record.js';
import { HASH_BYTES } from '../merkle/index.js';
import { AuditorConnection } from './auditor-connection.js';
import { LeafSpans } from './leaf-spans.js';
import type { TimeSpan } from './ledger-filter.js';
import { type SignedBy, TreeReader } from './tree-reader.js';

/** One subject's record under an entry's `subjectsRoot`, in its place; of an erased one only the hash is left. */
export interface ExportedRecord {
  readonly record: Buffer | null;
  readonly hash: Buffer;
}

/** An entry as evidence: what was hashed and signed, not what an index has made of it. */
export interface ExportedEntry {
  readonly index: number;
  readonly bytes: Buffer;
  readonly writer: SignedBy;
  readonly records: readonly ExportedRecord[];
  /** `undefined` for bytes that none of our writers can have written. */
  readonly envelope: Envelope | undefined;
}

/** The place of an entry whose contents were dropped: its hash is what is left. */
export interface DroppedEntry {
  readonly index: number;
  readonly hash: Buffer;
}

interface LeafRow {
  readonly index: string;
  readonly envelope: Buffer;
  readonly writer: string;
  readonly n: string;
  readonly signature: Buffer;
  /** Each record's bytes and a line feed, which none of them contains; of an erased one the line feed only. */
  readonly records: Buffer;
  /** 32 bytes each. */
  readonly hashes: Buffer;
}

/** Entries held in memory at once. */
const BATCH = 250;
const TILE_WIDTH = 256;

const LEAVES = `
  SELECT l.leaf_index::text AS index, l.envelope, l.writer::text, l.n::text, l.signature, s.records, s.hashes
  FROM audit.leaves l CROSS JOIN LATERAL (
    SELECT coalesce(string_agg(coalesce(r.record, '') || '\\x0a'::bytea, '' ORDER BY r.position), '') AS records,
           coalesce(string_agg(r.hash, '' ORDER BY r.position), '') AS hashes
    FROM audit.subject_records r WHERE r.leaf_index = l.leaf_index AND r.at = l.at) s
  WHERE l.leaf_index BETWEEN $1 AND $2 AND ($3::timestamptz IS NULL OR l.at >= $3) AND ($4::timestamptz IS NULL OR l.at < $4)
  ORDER BY l.leaf_index LIMIT $5`;

/** Hands the ledger out, oldest first, a batch at a time; no connection is held while the reader is slow. */
@Injectable()
export class LedgerExport {
  readonly #auditor: AuditorConnection;
  readonly #tree: TreeReader;
  readonly #spans: LeafSpans;

  constructor(auditor: AuditorConnection, tree: TreeReader, spans: LeafSpans) {
    this.#auditor = auditor;
    this.#tree = tree;
    this.#spans = spans;
  }

  /**
   * Of a span of time, its entries; without one, every place of the tree, so that its root can be recomputed.
   * @param size of the tree whose checkpoint goes with the export: nothing beyond it is handed out
   */
  async *places(
    time: TimeSpan,
    size: number,
  ): AsyncGenerator<readonly (ExportedEntry | DroppedEntry)[], void> {
    const isWhole = time.from === undefined && time.to === undefined;
    let next = 0;
    for await (const batch of this.#entries(time, size)) {
      const places: (ExportedEntry | DroppedEntry)[] = [];
      for (const entry of batch) {
        if (isWhole && entry.index > next) yield* this.#dropped(next, entry.index, places.splice(0));
        places.push(entry);
        next = entry.index + 1;
      }
      yield places;
    }
    if (isWhole) yield* this.#dropped(next, size, []);
  }

  async *#entries(time: TimeSpan, size: number): AsyncGenerator<readonly ExportedEntry[], void> {
    const span = await this.#spans.of(time, size);
    if (span === undefined) return;
    let next = span.first;
    while (next <= span.last) {
      const values = [next, span.last, time.from ?? null, time.to ?? null, BATCH];
      const rows = await this.#auditor.query<LeafRow>(LEAVES, values);
      if (rows.length > 0) yield rows.map(exported);
      next = rows.length < BATCH ? size : Number(rows.at(-1)?.index) + 1;
    }
  }

  /** Hashes of the places from one to another, a tile at a time. @param before what comes before them */
  async *#dropped(
    from: number,
    to: number,
    before: readonly (ExportedEntry | DroppedEntry)[],
  ): AsyncGenerator<readonly (ExportedEntry | DroppedEntry)[], void> {
    if (before.length > 0) yield before;
    for (let index = from; index < to;) {
      const end = Math.min((Math.floor(index / TILE_WIDTH) + 1) * TILE_WIDTH, to);
      const hashes = await this.#tree.leafHashes(index, end);
      const first = index;
      yield hashes.map((hash, at) => ({ index: first + at, hash }));
      index = end;
    }
  }
}

function exported(row: LeafRow): ExportedEntry {
  return {
    index: Number(row.index),
    bytes: row.envelope,
    writer: { id: row.writer, n: Number(row.n), signature: row.signature },
    records: splitRecords(row.records).map((record, position) => ({
      record: record.length === 0 ? null : record,
      hash: row.hashes.subarray(position * HASH_BYTES, (position + 1) * HASH_BYTES),
    })),
    envelope: readEnvelope(row.envelope),
  };
}
