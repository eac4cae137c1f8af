import { HASH_BYTES, inclusionProofs, leafHash, rootOfPath, rootOfProven } from '../merkle/index.js';

/*
 * A writer signs the entries of one commit together: one Ed25519 signature over the RFC 9162 tree of their bytes. Beside
 * each entry stands that signature with the entry's place in the tree, so that one entry can be checked alone.
 *
 *   signature (64) ‖ index (2) ‖ size (2) ‖ hashes of the inclusion path (32 each), lowest first
 */
const SIGNATURE_BYTES = 64;
const HEAD_BYTES = SIGNATURE_BYTES + 4;
/** Entries that can be signed together: as many as two bytes can count. */
const LARGEST = 2 ** 16 - 1;

/** What a signature stands under, and the signature. */
export interface Signed {
  readonly text: Buffer;
  readonly signature: Buffer;
}

/** @param writer whose key signs; @param size entries in the tree with this root */
const signedText = (writer: string, size: number, root: Buffer): Buffer =>
  Buffer.from(`sceau-ledger-batch/1\n${writer}\n${size}\n${root.toString('base64url')}\n`, 'utf8');

/**
 * Signs entries that are staged together.
 * @param envelopes their exact bytes, in the order of the stream
 * @returns what stands beside each of them, in their order
 */
export function signBatch(
  writer: string,
  envelopes: readonly Buffer[],
  sign: (text: Buffer) => Buffer,
): readonly Buffer[] {
  const size = envelopes.length;
  if (size > LARGEST) throw new RangeError('Too many entries for one signature.');
  const { root, paths } = inclusionProofs(envelopes.map(leafHash));
  const signature = sign(signedText(writer, size, root));
  return paths.map((path, index) => {
    const place = Buffer.alloc(4);
    place.writeUInt16BE(index, 0);
    place.writeUInt16BE(size, 2);
    return Buffer.concat([signature, place, ...path]);
  });
}

/** What stands beside an entry, taken apart. */
export interface StoredSignature {
  readonly signature: Buffer;
  readonly index: number;
  readonly size: number;
  /** Hashes one after the other. */
  readonly path: Buffer;
}

/** @returns `undefined` when it is not of the form above */
export function readSignature(stored: Buffer): StoredSignature | undefined {
  if (stored.length < HEAD_BYTES || (stored.length - HEAD_BYTES) % HASH_BYTES !== 0) return undefined;
  return {
    signature: stored.subarray(0, SIGNATURE_BYTES),
    index: stored.readUInt16BE(SIGNATURE_BYTES),
    size: stored.readUInt16BE(SIGNATURE_BYTES + 2),
    path: stored.subarray(HEAD_BYTES),
  };
}

/**
 * What has to be signed for an entry to be its writer's.
 * @param leaf its leaf hash
 * @returns `undefined` when there is no tree with such a path
 */
export function signedOf(
  writer: string,
  leaf: Buffer,
  { signature, index, size, path }: StoredSignature,
): Signed | undefined {
  const hashes = Array.from({ length: path.length / HASH_BYTES }, (_, at) =>
    path.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
  const root = rootOfPath(hashes, leaf, index, size);
  return root === undefined ? undefined : { text: signedText(writer, size, root), signature };
}

/**
 * The same for a batch that is there as a whole, with two hashes an entry instead of one for each step of its path.
 * @param leaves leaf hashes, in the order of the batch
 * @returns `undefined` when one of them has not exactly the place and the path that it must have
 */
export function signedTogether(
  writer: string,
  leaves: readonly Buffer[],
  stored: readonly StoredSignature[],
): Signed | undefined {
  const [first] = stored;
  const areInOrder = stored.every(({ index, size }, at) => index === at && size === leaves.length);
  if (first === undefined || stored.length !== leaves.length || !areInOrder) return undefined;
  const root = rootOfProven(
    leaves,
    stored.map(({ path }) => path),
  );
  if (root === undefined) return undefined;
  return { text: signedText(writer, leaves.length, root), signature: first.signature };
}
