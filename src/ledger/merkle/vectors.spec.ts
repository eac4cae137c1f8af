import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogCheckpoint } from '@sigstore/verify/dist/tlog/checkpoint.js';
import { verifyMerkleInclusion } from '@sigstore/verify/dist/tlog/merkle.js';
import fc from 'fast-check';
import {
  consistencyProof,
  Frontier,
  inclusionProof,
  leafHash,
  nodeFromLeaves,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from './index.js';

interface Vectors {
  readonly leaves: readonly string[];
  readonly roots: readonly string[];
  readonly inclusion: readonly { index: number; size: number; proof: readonly string[] }[];
  readonly consistency: readonly { from: number; to: number; proof: readonly string[] }[];
}

const VECTORS: Vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../test/vectors/ledger/rfc6962.json'), 'utf8'),
);

const bytes = (hex = ''): Buffer => Buffer.from(hex, 'hex');
const leaves = VECTORS.leaves.map(bytes);
const root = (size: number): Buffer => bytes(VECTORS.roots[size]);
const leaf = (index: number): Buffer => leafHash(leaves[index] ?? Buffer.from('none'));
const treeOf = (size: number) => nodeFromLeaves(leaves.slice(0, size).map(leafHash));

/** The proof with one thing wrong, in every way in which the published table has it. */
function spoilt(proof: readonly Buffer[], ...roots: readonly Buffer[]): readonly (readonly Buffer[])[] {
  const flipped = proof.map((_, place) =>
    proof.map((hash, at) =>
      at === place ? Buffer.concat([Buffer.of((hash[0] ?? 0) ^ 8), hash.subarray(1)]) : hash,
    ),
  );
  const added = [Buffer.alloc(0), Buffer.alloc(32), ...roots].flatMap((hash) => [
    [...proof, hash],
    [hash, ...proof],
  ]);
  return [...flipped, ...added, ...(proof.length > 0 ? [proof.slice(1), proof.slice(0, -1)] : [])];
}

describe('the published vectors of RFC 6962', () => {
  it('give the root after every entry', () => {
    const frontier = Frontier.empty();
    expect(frontier.root()).toEqual(root(0));
    leaves.forEach((entry, at) => {
      frontier.append(leafHash(entry));
      expect(frontier.root()).toEqual(root(at + 1));
      expect(rootOf(leaves.slice(0, at + 1).map(leafHash))).toEqual(root(at + 1));
    });
  });

  it.each(VECTORS.inclusion)('prove entry $index of $size', async ({ index, size, proof: hex }) => {
    const proof = hex.map(bytes);
    expect(await inclusionProof(treeOf(size), index, size)).toEqual(proof);
    expect(verifyInclusion(proof, leaf(index), index, size, root(size))).toBe(true);
    for (const wrong of spoilt(proof, root(size)))
      expect(verifyInclusion(wrong, leaf(index), index, size, root(size))).toBe(false);
    for (const other of [index - 1, index + 1, index ^ 2, 2 ** 53])
      expect(verifyInclusion(proof, leaf(index), other, size, root(size))).toBe(false);
    for (const other of [size * 2, Math.floor(size / 2), 0, -1])
      expect(verifyInclusion(proof, leaf(index), index, other, root(size))).toBe(false);
    for (const other of [root(0), Buffer.alloc(32), Buffer.alloc(0)]) {
      expect(verifyInclusion(proof, leaf(index), index, size, other)).toBe(false);
      expect(verifyInclusion(proof, other, index, size, root(size))).toBe(false);
    }
  });

  it.each(VECTORS.consistency)('prove that $to continues $from', async ({ from, to, proof: hex }) => {
    const proof = hex.map(bytes);
    const older = { size: from, root: root(from) };
    const newer = { size: to, root: root(to) };
    expect(await consistencyProof(treeOf(to), from, to)).toEqual(proof);
    expect(verifyConsistency(proof, older, newer)).toBe(true);
    for (const wrong of spoilt(proof, older.root, newer.root))
      expect(verifyConsistency(wrong, older, newer)).toBe(false);
    for (const size of [from - 1, from + 1, from ^ 2, 0])
      expect(verifyConsistency(proof, { ...older, size }, newer)).toBe(false);
    for (const size of [to * 2, Math.floor(to / 2), 0])
      expect(verifyConsistency(proof, older, { ...newer, size })).toBe(false);
    for (const other of [root(0), Buffer.alloc(32), Buffer.alloc(0)]) {
      expect(verifyConsistency(proof, { ...older, root: other }, newer)).toBe(false);
      expect(verifyConsistency(proof, older, { ...newer, root: other })).toBe(false);
    }
    expect(verifyConsistency(proof, newer, older)).toBe(from === to);
  });
});

describe('Sigstore’s verifier', () => {
  it('agrees about every proof and every spoilt one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300 }), fc.nat(), fc.nat(), async (size, pick, spoil) => {
        const entries = Array.from({ length: size }, (_, at) => Buffer.from(`entry ${at}`));
        const hashes = entries.map(leafHash);
        const index = pick % size;
        const [body = Buffer.alloc(0)] = [entries[index]];
        const proof = await inclusionProof(nodeFromLeaves(hashes), index, size);
        const all = [proof, ...spoilt(proof, rootOf(hashes))];
        for (const candidate of [proof, all[spoil % all.length] ?? proof]) {
          expect(sigstoreAccepts(candidate, body, index, size, rootOf(hashes))).toBe(
            verifyInclusion(candidate, leafHash(body), index, size, rootOf(hashes)),
          );
        }
      }),
      { numRuns: 200 },
    );
  });
});

function sigstoreAccepts(
  hashes: readonly Buffer[],
  body: Buffer,
  index: number,
  size: number,
  rootHash: Buffer,
): boolean {
  const inclusionProofOf = {
    logIndex: String(index),
    treeSize: String(size),
    rootHash,
    hashes: [...hashes],
    checkpoint: { envelope: '' },
  };
  try {
    verifyMerkleInclusion(
      {
        logIndex: '0',
        logId: { keyId: Buffer.alloc(0) },
        kindVersion: { kind: 'hashedrekord', version: '0.0.1' },
        integratedTime: '0',
        inclusionPromise: undefined,
        canonicalizedBody: body,
        inclusionProof: inclusionProofOf,
      },
      new LogCheckpoint('test', BigInt(size), rootHash, []),
    );
    return true;
  } catch {
    return false;
  }
}
