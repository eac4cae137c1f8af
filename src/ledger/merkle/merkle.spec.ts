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
  rootOf,
  tileIndexPath,
  tileOf,
  verifyConsistency,
  verifyInclusion,
} from './index.js';

/** The reference tree of RFC 6962 implementations: eight entries and the root after each. */
const ENTRIES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'));
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

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
  it('has the roots of RFC 6962 after each entry', () => {
    const frontier = Frontier.empty();
    const roots = [
      frontier.root(),
      ...ENTRIES.map((entry) => {
        frontier.append(leafHash(entry));
        return frontier.root();
      }),
    ];
    expect(roots.map((root) => root.toString('hex'))).toEqual(ROOTS);
    expect(ROOTS).toEqual(
      ENTRIES.map((_, at) => ENTRIES.slice(0, at))
        .concat([ENTRIES])
        .map((part) => rootOf(part.map(leafHash)).toString('hex')),
    );
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
