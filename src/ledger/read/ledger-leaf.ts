import type { EntrySummary } from './entry-query.js';

/** What the database has about one place of the tree, from wherever it is kept. */
export interface LedgerLeaf {
  readonly index: number;
  /** As the leaves have it; `undefined` where there is no content any more. */
  readonly stored: StoredEntry | undefined;
  /** As the tiles have it. */
  readonly hash: Buffer | undefined;
  /** As the index has it, by which entries are found. */
  readonly listed: EntrySummary | undefined;
  /** The subjects' records, in their order. */
  readonly subjects: readonly StoredSubject[];
}

export interface StoredEntry {
  readonly at: Date;
  readonly envelope: Buffer;
  readonly hash: Buffer;
  readonly writer: string;
  readonly n: number;
  readonly signature: Buffer;
}

/** A checkpoint, and what it is kept under. */
export interface StoredCheckpoint {
  /** Signed note. */
  readonly note: string;
  readonly epoch: number;
  readonly size: number;
}

export interface StoredSubject {
  /** `null` where somebody has removed it. */
  readonly record: Buffer | null;
  readonly hash: Buffer;
  /** By which it is found. */
  readonly subject: string | null;
  /** The entry's time, by which it is found too. */
  readonly at: Date;
  /** Its place among the entry's records. */
  readonly position: number;
}
