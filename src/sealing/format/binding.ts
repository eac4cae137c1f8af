import type { SubjectId } from '../../kernel/ids.js';
import type { PlaceName } from '../places.js';

/** Where a value stands: whose it is and in which row. */
export interface Position {
  readonly subject: SubjectId;
  /** Id of the row. */
  readonly row: string;
}

const FORMAT = 'sceau/field/v1';

/** Each part behind its length (uint32 BE), so that no two lists of parts give the same bytes. */
export function lengthPrefixed(parts: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

/**
 * What a sealed value is bound to: format, table, column, row, subject and key version, in this order.
 * A value copied to another place, row or person, or rolled back under another key version, does not open.
 */
export function bindingOf(
  place: PlaceName,
  { subject, row }: Position,
  keyVersion: number,
  format = FORMAT,
): Buffer {
  const separator = place.indexOf('.');
  const version = Buffer.alloc(4);
  version.writeUInt32BE(keyVersion);
  return lengthPrefixed([
    format,
    place.slice(0, separator),
    place.slice(separator + 1),
    row,
    subject,
    version,
  ]);
}
