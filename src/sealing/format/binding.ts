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

/** What is the same for every value of a place. */
const beginnings = new Map<PlaceName, Buffer>();

function beginningOf(place: PlaceName): Buffer {
  const known = beginnings.get(place);
  if (known !== undefined) return known;
  const separator = place.indexOf('.');
  const made = lengthPrefixed([FORMAT, place.slice(0, separator), place.slice(separator + 1)]);
  beginnings.set(place, made);
  return made;
}

/** Writes a text behind its length. @returns where the next part goes */
function writePrefixed(target: Buffer, text: string, offset: number): number {
  const length = target.write(text, offset + 4, 'utf8');
  target.writeUInt32BE(length, offset);
  return offset + 4 + length;
}

/** UTF-8 needs at most so many bytes for each UTF-16 unit. */
const MOST_BYTES_PER_UNIT = 3;

/**
 * What a sealed value is bound to: format, table, column, row, subject and key version, in this order.
 * A value copied to another place, row or person, or rolled back under another key version, does not open.
 */
export function bindingOf(place: PlaceName, { subject, row }: Position, keyVersion: number): Buffer {
  const beginning = beginningOf(place);
  const units = row.length + subject.length;
  const bytes = Buffer.allocUnsafe(beginning.length + 16 + MOST_BYTES_PER_UNIT * units);
  bytes.set(beginning);
  let end = writePrefixed(bytes, row, beginning.length);
  end = writePrefixed(bytes, subject, end);
  bytes.writeUInt32BE(4, end);
  bytes.writeUInt32BE(keyVersion, end + 4);
  return bytes.subarray(0, end + 8);
}
