import { HASH_BYTES, nodeHash } from './hashes.js';

/** A tile holds 256 hashes of one level, 8 levels apart (c2sp.org/tlog-tiles). */
const TILE_WIDTH = 256;
const TILE_LEVELS = 8;
const HIGHEST_LEVEL = 63;

export interface TilePosition {
  readonly level: number;
  readonly index: number;
}

/** The tile, and the place in it, that keeps a node; `undefined` for nodes that no tile keeps. */
export function tileOf(
  nodeLevel: number,
  nodeIndex: number,
): (TilePosition & { readonly offset: number }) | undefined {
  if (nodeLevel % TILE_LEVELS !== 0) return undefined;
  return {
    level: nodeLevel / TILE_LEVELS,
    index: Math.floor(nodeIndex / TILE_WIDTH),
    offset: nodeIndex % TILE_WIDTH,
  };
}

export type ReadTile = (position: TilePosition) => Promise<Buffer>;

/** Hash of a complete subtree, from the nearest level of tiles below it. */
export async function nodeFromTiles(read: ReadTile, level: number, index: number): Promise<Buffer> {
  const tileLevel = Math.floor(level / TILE_LEVELS);
  const width = 2 ** (level - tileLevel * TILE_LEVELS);
  const first = index * width;
  const tile = await read({ level: tileLevel, index: Math.floor(first / TILE_WIDTH) });
  const offset = (first % TILE_WIDTH) * HASH_BYTES;
  let hashes = Array.from({ length: width }, (_, at) =>
    tile.subarray(offset + at * HASH_BYTES, offset + (at + 1) * HASH_BYTES),
  );
  if (hashes.some((hash) => hash.length !== HASH_BYTES))
    throw new RangeError('The tile does not reach that far.');
  while (hashes.length > 1) {
    hashes = hashes.flatMap((hash, at) => {
      const right = hashes[at + 1];
      return at % 2 === 0 && right !== undefined ? [nodeHash(hash, right)] : [];
    });
  }
  const [hash] = hashes;
  if (hash === undefined) throw new RangeError('No such node.');
  return hash;
}

const TILE_PATH = /^(0|[1-9]\d?)\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

export interface TileRequest extends TilePosition {
  /** Hashes asked for: 256, or fewer of the tile at the edge. */
  readonly width: number;
}

/** Reads `<L>/<N>[.p/<W>]` (c2sp.org/tlog-tiles); `undefined` when it is not one. */
export function parseTilePath(path: string): TileRequest | undefined {
  const match = TILE_PATH.exec(path);
  if (match === null) return undefined;
  const [, level = '', index = '', width] = match;
  const wanted = width === undefined ? TILE_WIDTH : Number(width);
  const number = Number(index.replaceAll(/[x/]/g, ''));
  if ((width !== undefined && wanted >= TILE_WIDTH) || Number(level) > HIGHEST_LEVEL) return undefined;
  // One tile, one path: a number written longer than it is would be cached twice.
  if (!Number.isSafeInteger(number) || tileIndexPath(number) !== index) return undefined;
  return { level: Number(level), index: number, width: wanted };
}

/** `1234067` becomes `x001/x234/067`. */
export function tileIndexPath(index: number): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  return groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/');
}
