import canonicalize from 'canonicalize';
import { parseOwn } from '../../kernel/json.js';

/** From so many UTF-16 units on, room for the worst case costs less than measuring. */
const LONG = 4_000;
/** UTF-8 needs at most so many bytes for each UTF-16 unit. */
const MOST_BYTES_PER_UNIT = 3;

/** RFC 8785 JSON of a value, as UTF-8. @throws Error for what JSON cannot hold */
export function encodeValue(value: unknown): Buffer {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('Only JSON values can be sealed.');
  return text.length < LONG ? Buffer.from(text, 'utf8') : encodeLong(text);
}

/** Buffer.from goes through a text twice, to measure it and to write it: for a long one that takes twice as long. */
function encodeLong(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(text.length * MOST_BYTES_PER_UNIT);
  return bytes.subarray(0, bytes.write(text, 'utf8'));
}

/** The value that was sealed at a place; its type is the place's. */
export function decodeValue<T>(bytes: Buffer): T {
  return parseOwn<T>(bytes.toString('utf8'));
}
