import {
  type Envelope,
  type LedgerLeaf,
  readEnvelope,
  readRecord,
  type SubjectRecord,
  type TimeSpan,
} from '../../../ledger/index.js';

/** How places of the tree are written; each text ends where a line does. */
export interface ExportFormat {
  readonly mediaType: string;
  readonly extension: string;
  readonly begin: string;
  readonly lines: (places: readonly LedgerLeaf[]) => string;
  /**
   * @param count places that were handed out
   * @param checkpoint signed note that covers every one of them
   * @param time the span that was asked for
   */
  readonly end: (count: number, checkpoint: string, time: TimeSpan) => string;
}

/** An entry to be read, with the subjects' records that were not erased. */
export interface ReadEntry {
  readonly index: number;
  /** `undefined` for bytes that none of our writers can have written. */
  readonly envelope: Envelope | undefined;
  readonly subjects: readonly SubjectRecord[];
}

/** The entries of those places that still have their contents. */
export function entriesOf(places: readonly LedgerLeaf[]): readonly ReadEntry[] {
  return places.flatMap(({ index, stored, subjects }) =>
    stored === undefined
      ? []
      : [
          {
            index,
            envelope: readEnvelope(stored.envelope),
            subjects: subjects.flatMap(({ record }) => (record === null ? [] : (readRecord(record) ?? []))),
          },
        ],
  );
}
