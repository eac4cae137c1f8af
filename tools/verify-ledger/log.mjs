import { GrowingTree } from './tree.mjs';

/** A log over HTTP in the layout of c2sp.org/tlog-tiles, below a prefix. */
const WIDTH = 256;
const HASH = 32;
const LEVELS = 8;

const path = (index) => {
  const digits = String(index);
  const parts = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g);
  return parts.map((part, at) => (at < parts.length - 1 ? `x${part}` : part)).join('/');
};

async function get(url, token) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(url, { headers });
  if (answer.status === 401 || answer.status === 403 || answer.status === 404) return undefined;
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}.`);
  return Buffer.from(await answer.arrayBuffer());
}

/** Of a partial tile a log may have no more than the full one, once there is one. */
async function getTile(url, width, token) {
  const partial = width === WIDTH ? undefined : await get(`${url}.p/${width}`, token);
  return partial ?? get(url, token);
}

/**
 * The log as the lines of an export: entries where the log gives them, hashes where it does not. Entries of a bundle
 * have no signature of their writer beside them.
 */
export async function* readLog(prefix, token, report) {
  const base = prefix.replace(/\/?$/, '/');
  const note = await get(`${base}checkpoint`);
  if (note === undefined) throw new Error(`There is no checkpoint below ${base}.`);
  const size = Number(note.toString('utf8').split('\n')[1]);
  if (!Number.isSafeInteger(size)) throw new Error('The checkpoint has no size.');
  const tiles = new UpperTiles(base, report);
  for (let tile = 0; tile * WIDTH < size; tile += 1) {
    const width = Math.min(WIDTH, size - tile * WIDTH);
    const hashes = await getTile(`${base}tile/0/${path(tile)}`, width);
    if (hashes === undefined || hashes.length < width * HASH)
      throw new Error(`The log has no tile 0/${path(tile)}.`);
    const entries = bundled(await getTile(`${base}tile/entries/${path(tile)}`, width, token));
    for (let at = 0; at < width; at += 1) {
      const hash = hashes.subarray(at * HASH, (at + 1) * HASH);
      await tiles.append(hash);
      const line = { index: tile * WIDTH + at, hash: hash.toString('base64') };
      const entry = entries?.[at]?.toString('base64');
      yield entry === undefined ? { ...line, withheld: true } : { ...line, entry };
    }
  }
  await tiles.finish();
  yield { count: size, checkpoint: note.toString('utf8') };
}

/** Entries of a bundle: two bytes of length before each. */
function bundled(bundle) {
  if (bundle === undefined) return undefined;
  const entries = [];
  for (let at = 0; at < bundle.length;) {
    const length = bundle.readUInt16BE(at);
    entries.push(bundle.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return entries;
}

/** Compares the tiles of the higher levels with what the lowest one makes of them. */
class UpperTiles {
  #base;
  #report;
  #tree = new GrowingTree();
  #grown = [];

  constructor(base, report) {
    this.#base = base;
    this.#report = report;
  }

  async append(hash) {
    const completed = this.#tree.append(hash);
    for (let level = 1; level * LEVELS < completed.length; level += 1) {
      const tile = (this.#grown[level] ??= { index: 0, hashes: [] });
      tile.hashes.push(completed[level * LEVELS]);
      if (tile.hashes.length < WIDTH) continue;
      await this.#compare(level, tile);
      this.#grown[level] = { index: tile.index + 1, hashes: [] };
    }
  }

  async finish() {
    for (const [level, tile] of this.#grown.entries()) {
      if (tile !== undefined && tile.hashes.length > 0) await this.#compare(level, tile);
    }
  }

  async #compare(level, { index, hashes }) {
    const name = `${level}/${path(index)}`;
    const found = await getTile(`${this.#base}tile/${name}`, hashes.length);
    const span = WIDTH ** level;
    const at = hashes.findIndex(
      (hash, place) => !found?.subarray(place * HASH, (place + 1) * HASH).equals(hash),
    );
    if (at < 0) return;
    const first = (index * WIDTH + at) * span;
    this.#report.fork(first, first + span, `the tile ${name} is not what the tiles below it make`);
  }
}
