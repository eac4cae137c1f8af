import { stringify } from 'csv-stringify/sync';
import type { Bilingual } from '../../../kernel/errors.js';
import type { Addressed } from '../notification/letter-states.js';

const COLUMNS = ['pseudonym', 'entries', 'first', 'last', 'fields', 'erased', 'letter'] as const;

/** RFC 4180, a line for each candidate under their pseudonym, with `everything` where all that is held was given.
 * The last lines say why it is a lower bound, where it is. A cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function affectedCsv(affected: readonly Addressed[], lacking: readonly Bilingual[]): string {
  const rows = affected.map(({ subject, entries, first, last, fields, candidate, letter }) => ({
    pseudonym: subject,
    entries,
    first: first.toISOString(),
    last: last.toISOString(),
    fields: fields.length === 0 ? 'everything' : fields.join(' '),
    erased: candidate === undefined ? 'yes' : 'no',
    letter,
  }));
  return stringify([...rows, ...lacking.map(({ en }) => ({ pseudonym: en }))], {
    columns: [...COLUMNS],
    header: true,
    escape_formulas: true,
    record_delimiter: 'windows',
  });
}
