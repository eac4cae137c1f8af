import { type FinishedNode, HASH_BYTES, tileOf } from '../merkle/index.js';
import type { LedgerSource } from '../read/ledger-source.js';
import type { Report } from './report.js';

interface Growing {
  readonly index: number;
  readonly hashes: Buffer[];
}

const TILE_WIDTH = 256;

/** Compares the tiles of the higher levels with what the leaves make of them. */
export class TileCheck {
  readonly #report: Report;
  readonly #source: LedgerSource;
  readonly #growing = new Map<number, Growing>();

  constructor(report: Report, source: LedgerSource) {
    this.#report = report;
    this.#source = source;
  }

  async take(nodes: readonly FinishedNode[]): Promise<void> {
    for (const { level, index, hash } of nodes) {
      const place = tileOf(level, index);
      if (place === undefined || place.level === 0) continue;
      const tile = this.#growing.get(place.level) ?? { index: place.index, hashes: [] };
      tile.hashes.push(hash);
      this.#growing.set(place.level, tile);
      if (tile.hashes.length === TILE_WIDTH) await this.#compare(place.level, tile);
    }
  }

  async finish(): Promise<void> {
    for (const [level, tile] of this.#growing) await this.#compare(level, tile);
  }

  async #compare(level: number, { index, hashes }: Growing): Promise<void> {
    this.#growing.delete(level);
    const stored = await this.#source.tile(level, index);
    const wrong = hashes.findIndex(
      (hash, at) => !stored.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES).equals(hash),
    );
    if (wrong < 0) return;
    const span = TILE_WIDTH ** level;
    const first = (index * TILE_WIDTH + wrong) * span;
    this.#report.among(first, first + span, `the tile ${level}/${index} is not what the entries make`);
  }
}
