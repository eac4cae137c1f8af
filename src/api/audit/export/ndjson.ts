import { endLine, leafLine } from '../../../ledger/index.js';
import type { ExportFormat } from './export-format.js';

/** As the ledger itself writes it to be verified: RFC 8259 texts, a line each. */
export const NDJSON: ExportFormat = {
  mediaType: 'application/x-ndjson',
  extension: 'ndjson',
  begin: '',
  lines: (places) => places.map(leafLine).join(''),
  end: endLine,
};
