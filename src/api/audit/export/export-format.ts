import type { ExportedEntry } from '../../../ledger/index.js';

/** What ends an export. */
export interface ExportEnd {
  /** Entries that were handed out. */
  readonly count: number;
  /** Signed note that covers every one of them. */
  readonly checkpoint: string;
}

/** How entries are written; each text ends where a line does. */
export interface ExportFormat {
  readonly mediaType: string;
  readonly extension: string;
  readonly begin: string;
  readonly lines: (entries: readonly ExportedEntry[]) => string;
  readonly end: (end: ExportEnd) => string;
}
