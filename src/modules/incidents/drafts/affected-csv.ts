import { stringify } from 'csv-stringify/sync';
import { missingBefore } from '../impact/missing-months.js';
import type { Addressed } from '../notification/letter-states.js';

const COLUMNS = ['pseudonym', 'entries', 'first', 'last', 'fields', 'erased', 'letter'] as const;

/** RFC 4180, a line for each candidate under their pseudonym, with `everything` where all that is held was given.
 * The last line says what is missing, where something is. A cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function affectedCsv(affected: readonly Addressed[], keptFrom: Date | null): string {
  const rows = affected.map(({ subject, entries, first, last, fields, candidate, letter }) => ({
    pseudonym: subject,
    entries,
    first: first.toISOString(),
    last: last.toISOString(),
    fields: fields.length === 0 ? 'everything' : fields.join(' '),
    erased: candidate === undefined ? 'yes' : 'no',
    letter,
  }));
  const missing = keptFrom === null ? [] : [{ pseudonym: missingBefore(keptFrom).en }];
  return stringify([...rows, ...missing], {
    columns: [...COLUMNS],
    header: true,
    escape_formulas: true,
    record_delimiter: 'windows',
  });
}
