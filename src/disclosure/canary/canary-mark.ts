import { createHmac, type KeyObject } from 'node:crypto';
import { type AccountId, newId, parseId } from '../../kernel/ids.js';

/** Of an id's text, at its end: forty bits, which are random in any other UUIDv7 (RFC 9562 §5.7). */
const MARK_LENGTH = 10;

/**
 * An id that only the key tells from any other of its moment: its last bits are a keyed function of the ones before.
 * @param at milliseconds since the epoch
 */
export function markedId(key: KeyObject, at: number): AccountId {
  const text = newId<'account'>(at);
  const id = parseId<AccountId>(`${text.slice(0, -MARK_LENGTH)}${markOf(key, text)}`);
  if (id === undefined) throw new Error('A marked id is none.');
  return id;
}

/** Whether it is marked; of a million million that are not, one seems to be. */
export function isMarked(key: KeyObject, id: string): boolean {
  return id.endsWith(markOf(key, id));
}

const markOf = (key: KeyObject, id: string): string =>
  createHmac('sha256', key).update(id.slice(0, -MARK_LENGTH)).digest('hex').slice(0, MARK_LENGTH);
