import { createHmac, type KeyObject } from 'node:crypto';

export type MarkedKind = 'candidate' | 'application';

/**
 * Whether an id is one in 65,536: that by which a canary's two ids are known, and by the key alone. Of ten million
 * applications that are none, one in four hundred worlds has one whose two ids happen to be marked.
 */
export function isMarked(key: KeyObject, kind: MarkedKind, id: string): boolean {
  return createHmac('sha256', key).update(`${kind}/${id}`).digest().readUInt16BE(0) === 0;
}
