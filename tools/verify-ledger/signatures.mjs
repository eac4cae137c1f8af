import { verify } from 'node:crypto';
import { leafHash, rootAbove } from './tree.mjs';

/**
 * What stands beside an entry: signature (64 bytes), the entry's index in the batch that was signed together and the
 * batch's size (2 bytes each, big-endian), then the inclusion path, lowest hash first.
 */
export class Signatures {
  /** What was last found to be signed by this key; a batch is checked once. */
  #last = new Map();

  holds(writer, key, entry, stored) {
    if (stored.length < 68 || stored.length % 32 !== 4) return false;
    const [index, size] = [stored.readUInt16BE(64), stored.readUInt16BE(66)];
    const path = [];
    for (let at = 68; at < stored.length; at += 32) path.push(stored.subarray(at, at + 32));
    const root = rootAbove(leafHash(entry), index, size, path);
    if (root === undefined) return false;
    const text = `sceau-ledger-batch/1\n${writer}\n${size}\n${root.toString('base64url')}\n`;
    const signature = stored.subarray(0, 64);
    const checked = text + signature.toString('hex');
    if (this.#last.get(writer) === checked) return true;
    if (!verify(null, Buffer.from(text), key, signature)) return false;
    this.#last.set(writer, checked);
    return true;
  }
}
