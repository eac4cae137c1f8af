import canonicalize from 'canonicalize';
import { parseOwn } from '../../kernel/json.js';

/** RFC 8785 JSON of a value, as UTF-8. @throws Error for what JSON cannot hold */
export function encodeValue(value: unknown): Buffer {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('Only JSON values can be sealed.');
  return Buffer.from(text, 'utf8');
}

/** The value that was sealed at a place; its type is the place's. */
export function decodeValue<T>(bytes: Buffer): T {
  return parseOwn<T>(bytes.toString('utf8'));
}
