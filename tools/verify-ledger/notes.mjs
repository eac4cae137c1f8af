import { createHash, createPublicKey, verify } from 'node:crypto';

/** c2sp.org/signed-note with Ed25519 (type 0x01), and c2sp.org/tlog-checkpoint. */
const ED25519 = 1;
const DER_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** The public key from its 32 bytes (RFC 8410). */
export function ed25519Key(raw) {
  return createPublicKey({ key: Buffer.concat([DER_PREFIX, raw]), format: 'der', type: 'spki' });
}

/** Reads `<name>+<id>+<base64>`. @returns undefined when it is not one */
export function readVerifier(text) {
  const [, name, id, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim()) ?? [];
  if (name === undefined) return undefined;
  const typed = Buffer.from(encoded, 'base64');
  if (typed.length !== 33 || typed[0] !== ED25519) return undefined;
  const hash = createHash('sha256').update(`${name}\n`).update(typed).digest();
  if (hash.subarray(0, 4).toString('hex') !== id) return undefined;
  return { name, id: hash.subarray(0, 4), key: ed25519Key(typed.subarray(1)) };
}

/**
 * Opens a checkpoint.
 * @returns `{ origin, size, root, previous, note, isSigned }`, or undefined when it is none; signed means: by one of the verifiers,
 * under the name that is its origin; previous is the checkpoint that it names as kept before it, where it names one
 */
export function readCheckpoint(note, verifiers) {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) return undefined;
  const text = note.slice(0, end + 1);
  const [origin, size, root, ...more] = text.split('\n');
  const hash = Buffer.from(root ?? '', 'base64');
  if (!origin || !/^(0|[1-9][0-9]{0,15})$/.test(size ?? '') || hash.length !== 32) return undefined;
  const signatures = note
    .slice(end + 2)
    .split('\n')
    .map((line) => /^\u2014 (\S+) (\S+)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, name, blob]) => ({ name, blob: Buffer.from(blob, 'base64') }));
  const isSigned = verifiers
    .filter(({ name }) => name === origin)
    .some(({ name, id, key }) => {
      const own = signatures.filter(
        (signature) => signature.name === name && signature.blob.subarray(0, 4).equals(id),
      );
      const holds = ({ blob }) => verify(null, Buffer.from(text), key, blob.subarray(4));
      return own.length > 0 && own.every(holds);
    });
  return { origin, size: Number(size), root: hash, previous: previousIn(more), note, isSigned };
}

function previousIn(lines) {
  const [, origin, size] = lines.map((line) => /^previous (\S+) (\d{1,16})$/.exec(line)).find(Boolean) ?? [];
  return origin === undefined ? undefined : { origin, size: Number(size) };
}
