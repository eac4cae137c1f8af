import { readCheckpoint } from './notes.mjs';
import { includes, leafHash } from './tree.mjs';

/**
 * Whether a c2sp.org/tlog-proof@v1 proves that these bytes are in the log.
 * @returns undefined when it does, else why it does not
 */
export function objectionToProof(text, entry, verifiers) {
  const end = text.indexOf('\n\n');
  const [header, ...lines] = text.slice(0, Math.max(end, 0)).split('\n');
  if (header !== 'c2sp.org/tlog-proof@v1') return 'it is no tlog-proof';
  if (lines[0]?.startsWith('extra ')) lines.shift();
  const index = /^index (0|[1-9][0-9]{0,15})$/.exec(lines.shift() ?? '')?.[1];
  const path = lines.map((line) => Buffer.from(line, 'base64'));
  const checkpoint = readCheckpoint(text.slice(end + 2), verifiers);
  if (index === undefined || path.some((hash) => hash.length !== 32)) return 'it is not well-formed';
  if (checkpoint === undefined) return 'it has no checkpoint';
  if (!checkpoint.isSigned) return 'its checkpoint is not signed by this key';
  const { size, root } = checkpoint;
  return includes(leafHash(entry), Number(index), size, path, root)
    ? undefined
    : 'the entry is not in this tree';
}
