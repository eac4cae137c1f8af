import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  consistencyProof,
  Frontier,
  HASH_BYTES,
  inclusionProof,
  leafHash,
  nodeFromTiles,
  parseTilePath,
  type ReadNode,
  tileIndexPath,
  tileOf,
  verifyConsistency,
  verifyInclusion,
} from './index.js';

/** A tree kept in tiles, as the database keeps it. */
class TiledTree {
  readonly frontier = Frontier.empty();
  readonly roots: Buffer[] = [this.frontier.root()];
  readonly #tiles = new Map<string, Buffer>();

  append(leaf: Buffer): void {
    for (const node of this.frontier.append(leaf)) {
      const tile = tileOf(node.level, node.index);
      if (tile === undefined) continue;
      const key = `${tile.level}/${tile.index}`;
      const before = this.#tiles.get(key) ?? Buffer.alloc(0);
      if (before.length !== tile.offset * HASH_BYTES) throw new Error('The tree skips a hash of a tile.');
      this.#tiles.set(key, Buffer.concat([before, node.hash]));
    }
    this.roots.push(this.frontier.root());
  }

  /** Hashes of each tile, by level. */
  get widths(): number[][] {
    const widths: number[][] = [];
    for (const [key, hashes] of this.#tiles) {
      const [level = 0, index = 0] = key.split('/').map(Number);
      (widths[level] ??= [])[index] = hashes.length / HASH_BYTES;
    }
    return widths;
  }

  readonly read: ReadNode = (level, index) =>
    nodeFromTiles(
      ({ level: tileLevel, index: tileIndex }) => {
        const tile = this.#tiles.get(`${tileLevel}/${tileIndex}`);
        return tile === undefined ? Promise.reject(new Error('No such tile.')) : Promise.resolve(tile);
      },
      level,
      index,
    );
}

describe('the Merkle tree', () => {
  it.each([0, 1, 65_534, 65_535, 65_536, 200_000])('hashes a leaf of %d bytes behind a zero', (length) => {
    const entry = Buffer.alloc(length, 7);
    const expected = createHash('sha256').update(Buffer.of(0)).update(entry).digest();
    expect(leafHash(entry)).toEqual(expected);
  });

  it('goes on from a kept frontier as if it had never stopped', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 50 }), (size, more) => {
        const whole = Frontier.empty();
        for (let at = 0; at < size; at += 1) whole.append(leafHash(Buffer.from(String(at))));
        const kept = Frontier.restore(whole.size, whole.hashes);
        for (let at = size; at < size + more; at += 1) {
          whole.append(leafHash(Buffer.from(String(at))));
          kept.append(leafHash(Buffer.from(String(at))));
        }
        expect(kept.root()).toEqual(whole.root());
      }),
      { numRuns: 30 },
    );
  });

  it('refuses a frontier that does not fit its size', () => {
    expect(() => Frontier.restore(3, [Buffer.alloc(32)])).toThrow(Error);
  });

  describe('proofs from tiles', () => {
    const tree = new TiledTree();
    const leaves = Array.from({ length: 70_000 }, (_, at) => leafHash(Buffer.from(`entry ${at}`)));
    beforeAll(() => leaves.forEach((leaf) => tree.append(leaf)));
    const root = (size: number): Buffer => tree.roots[size] ?? Buffer.alloc(0);
    const size = fc.integer({ min: 1, max: leaves.length });

    it('prove every leaf of every size, and nothing else', async () => {
      await fc.assert(
        fc.asyncProperty(size, fc.nat(), async (total, pick) => {
          const index = pick % total;
          const leaf = leaves[index] ?? Buffer.alloc(0);
          const proof = await inclusionProof(tree.read, index, total);
          expect(verifyInclusion(proof, leaf, index, total, root(total))).toBe(true);
          expect(verifyInclusion(proof, leafHash(Buffer.from('another')), index, total, root(total))).toBe(
            false,
          );
          expect(verifyInclusion([...proof, leaf], leaf, index, total, root(total))).toBe(false);
          expect(total > 1 && verifyInclusion(proof, leaf, (index + 1) % total, total, root(total))).toBe(
            false,
          );
          expect(verifyInclusion(proof.slice(1), leaf, index, total, root(total))).toBe(total === 1);
        }),
        { numRuns: 100 },
      );
    });

    it('prove that one size continues another, and nothing else', async () => {
      await fc.assert(
        fc.asyncProperty(size, size, async (a, b) => {
          const [from, to] = [Math.min(a, b), Math.max(a, b)];
          const proof = await consistencyProof(tree.read, from, to);
          const older = { size: from, root: root(from) };
          const newer = { size: to, root: root(to) };
          expect(verifyConsistency(proof, older, newer)).toBe(true);
          expect(verifyConsistency(proof, { ...older, root: leafHash(older.root) }, newer)).toBe(false);
          expect(verifyConsistency(proof, older, { ...newer, root: leafHash(newer.root) })).toBe(false);
          expect(verifyConsistency([...proof, older.root], older, newer)).toBe(false);
          expect(from < to && verifyConsistency(proof, newer, older)).toBe(false);
        }),
        { numRuns: 100 },
      );
    });

    it('has the tiles that c2sp.org/tlog-tiles gives as its example for 70,000 entries', () => {
      expect(tree.widths).toEqual([[...Array.from({ length: 273 }, () => 256), 112], [256, 17], [1]]);
    });

    it('refuse questions about what is not there', async () => {
      await expect(inclusionProof(tree.read, 5, 5)).rejects.toThrow(RangeError);
      await expect(consistencyProof(tree.read, 0, 5)).rejects.toThrow(RangeError);
      expect(verifyInclusion([], Buffer.alloc(32), 0, 0, root(0))).toBe(false);
    });
  });
});

describe('tile paths', () => {
  it.each([
    ['0/000', { level: 0, index: 0, width: 256 }],
    ['0/x001/x234/067', { level: 0, index: 1_234_067, width: 256 }],
    ['1/000.p/17', { level: 1, index: 0, width: 17 }],
  ])('reads %s', (path, request) => {
    expect(parseTilePath(path)).toEqual(request);
    expect(path).toContain(tileIndexPath(request.index));
  });

  it.each([
    '',
    '0',
    '0/1',
    '0/x001',
    '0/000.p/256',
    '0/000.p/0',
    '64/000',
    '0/../000',
    '-1/000',
    'entries/000',
  ])('does not read %p', (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  });
});
