import type { DroppedEntry, ExportedEntry } from '../../../ledger/index.js';

/** What ends an export. */
export interface ExportEnd {
  /** Places that were handed out. */
  readonly count: number;
  /** Signed note that covers every one of them. */
  readonly checkpoint: string;
}

/** A place of the tree, with its entry or what is left of it. */
export type ExportedPlace = ExportedEntry | DroppedEntry;

export const isEntry = (place: ExportedPlace): place is ExportedEntry => 'bytes' in place;

/** How entries are written; each text ends where a line does. */
export interface ExportFormat {
  readonly mediaType: string;
  readonly extension: string;
  readonly begin: string;
  readonly lines: (places: readonly ExportedPlace[]) => string;
  readonly end: (end: ExportEnd) => string;
}
