import type pg from 'pg';
import { commit } from '../../platform/database/commit.js';
import { CHECKPOINT_CHANNEL } from '../channels.js';
import { type FinishedNode, HASH_BYTES, tileOf } from '../merkle/index.js';
import { copyRows } from './copy-rows.js';
import type { Disagreement } from './disagreement.js';
import { INDEX, LEAVES, type NewLeaf, type NewRecord, RECORDS } from './leaf-rows.js';
import type { StagedEntry } from './staged-entry.js';
import type { KeptCheckpoint } from './state-file.js';
import { unstage } from './staging-store.js';

export interface TreeHead {
  readonly epoch: number;
  readonly size: number;
  readonly root: Buffer;
}

export interface SignedLeaf {
  readonly envelope: Buffer;
  readonly hash: Buffer;
  readonly writer: string;
  readonly n: number;
  readonly signature: Buffer;
  /** The id that the index has at its place; of each id there is one. */
  readonly listed: string | null;
}

/** How far apart kept checkpoints are at least. */
const KEPT_EVERY_MS = 1_000;

/** Tiles that are read at once. */
const TILES = 256;

/** The sequencer's statements about the tree. Each runs on the connection that holds the election lock. */
export class TreeStore {
  readonly #client: pg.Client;

  constructor(client: pg.Client) {
    this.#client = client;
  }

  async head(): Promise<TreeHead> {
    const { rows } = await this.#client.query<{ epoch: number; size: string; root: Buffer }>(
      'SELECT epoch, size::text, root FROM audit.tree_head',
    );
    const [row] = rows;
    if (row === undefined) throw new Error('The tree has no head.');
    return { epoch: row.epoch, size: Number(row.size), root: row.root };
  }

  async leaves(from: number, limit: number): Promise<readonly SignedLeaf[]> {
    const { rows } = await this.#client.query<Omit<SignedLeaf, 'n'> & { n: string }>(
      `SELECT envelope, hash, writer::text, n::text, signature, entry_id::text AS listed
       FROM audit.leaf LEFT JOIN audit.entry USING (leaf_index)
       WHERE leaf_index >= $1 ORDER BY leaf_index LIMIT $2`,
      [from, limit],
    );
    return rows.map((row) => ({ ...row, n: Number(row.n) }));
  }

  /** The tiles that hold the hashes of leaves, from the first one on. */
  async *lowestTiles(): AsyncGenerator<Buffer, void> {
    let next = 0;
    for (;;) {
      const { rows } = await this.#client.query<{ index: string; hashes: Buffer }>(
        'SELECT index::text, hashes FROM audit.tile t WHERE level = 0 AND index >= $1 ORDER BY t.index LIMIT $2',
        [next, TILES],
      );
      for (const { index, hashes } of rows) {
        // A missing tile ends the tree, however much there is behind it.
        if (Number(index) !== next) return;
        next += 1;
        yield hashes;
      }
      if (rows.length < TILES) return;
    }
  }

  /** Runs `work` in one transaction. */
  async transaction(work: () => Promise<void>): Promise<void> {
    await this.#client.query('BEGIN');
    try {
      await work();
      await commit(this.#client);
    } catch (error) {
      await this.#client.query('ROLLBACK');
      throw error;
    }
  }

  /**
   * Moves staged entries into the tree: leaves, and beside them what queries filter on.
   * @param first index of the first leaf
   * @throws Error when one of them is not staged any more: nothing is sequenced twice
   */
  async move(first: number, entries: readonly StagedEntry[]): Promise<void> {
    const ids = entries.map(({ entryId }) => entryId);
    await unstage(this.#client, ids);
    const months = new Set(entries.map(({ envelope }) => `${envelope.at.slice(0, 7)}-01`));
    for (const month of months) await this.#client.query('SELECT audit.open_month($1::date)', [month]);
    const leaves = entries.map((entry, at): NewLeaf => ({ index: first + at, entry }));
    await copyRows(this.#client, LEAVES, leaves);
    await copyRows(this.#client, INDEX, leaves);
    await copyRows(this.#client, RECORDS, leaves.flatMap(recordsOf));
  }

  /** Adds finished nodes to their tiles. A tile grows at its end only. */
  async growTiles(nodes: readonly FinishedNode[]): Promise<void> {
    const grown = new Map<string, { level: number; index: number; offset: number; hashes: Buffer[] }>();
    for (const node of nodes) {
      const tile = tileOf(node.level, node.index);
      if (tile === undefined) continue;
      const key = `${tile.level}/${tile.index}`;
      const growth = grown.get(key) ?? { ...tile, hashes: [] };
      growth.hashes.push(node.hash);
      grown.set(key, growth);
    }
    const tiles = [...grown.values()];
    const { rowCount } = await this.#client.query(
      `WITH grown AS (SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[], $4::integer[]) AS g (level, index, hashes, size))
       INSERT INTO audit.tile AS t (level, index, hashes) SELECT level, index, hashes FROM grown
       ON CONFLICT (level, index) DO UPDATE SET hashes = t.hashes || excluded.hashes
       WHERE octet_length(t.hashes) = (SELECT g.size FROM grown g WHERE g.level = t.level AND g.index = t.index)`,
      [
        tiles.map(({ level }) => level),
        tiles.map(({ index }) => index),
        tiles.map(({ hashes }) => Buffer.concat(hashes)),
        tiles.map(({ offset }) => offset * HASH_BYTES),
      ],
    );
    if (rowCount !== tiles.length) throw new Error('A tile is not where the tree says it is.');
  }

  /** Compare-and-set: fails when anybody else has moved the head. */
  async moveHead(from: TreeHead, to: TreeHead): Promise<void> {
    const { rowCount } = await this.#client.query(
      `UPDATE audit.tree_head SET epoch = $4, size = $5, root = $6
       WHERE epoch = $1 AND size = $2 AND root = $3`,
      [from.epoch, from.size, from.root, to.epoch, to.size, to.root],
    );
    if (rowCount !== 1) throw new Error('The head of the tree was moved by somebody else.');
  }

  /** Shows the newest signed checkpoint to everybody and tells those who wait for it. */
  async publish({ epoch, size, root }: TreeHead, note: string, at: Date): Promise<void> {
    await this.#client.query(
      `INSERT INTO audit.signed_head AS h (epoch, size, root, note, at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (single) DO UPDATE SET (epoch, size, root, note, at) =
         (excluded.epoch, excluded.size, excluded.root, excluded.note, excluded.at)
       WHERE (h.epoch, h.size) <= (excluded.epoch, excluded.size)`,
      [epoch, size, root, note, at],
    );
    await this.#client.query(`NOTIFY ${CHECKPOINT_CHANNEL}`);
  }

  /** Tells every process why nothing is signed, or that it is again. */
  async declare(refusal: Disagreement | undefined): Promise<void> {
    await this.#client.query(
      refusal === undefined
        ? 'DELETE FROM audit.refusal'
        : `INSERT INTO audit.refusal (reason) VALUES ($1) ON CONFLICT (single) DO UPDATE SET reason = excluded.reason`,
      refusal === undefined ? [] : [refusal],
    );
  }

  /** The newest of the checkpoints that are kept, of those before this head. */
  async keptBefore({ epoch, size }: TreeHead): Promise<KeptCheckpoint | undefined> {
    const { rows } = await this.#client.query<{ epoch: number; size: string }>(
      `SELECT epoch, size::text FROM audit.checkpoint c WHERE (c.epoch, c.size) < ($1, $2)
       ORDER BY c.epoch DESC, c.size DESC LIMIT 1`,
      [epoch, size],
    );
    const [row] = rows;
    return row && { epoch: row.epoch, size: Number(row.size) };
  }

  /** Keeps the newest checkpoint for good, one a second at the most. @returns whether it is kept */
  async keepCheckpoint(now: Date): Promise<boolean> {
    await this.#client.query(
      `INSERT INTO audit.checkpoint (epoch, size, root, note, at)
       SELECT h.epoch, h.size, h.root, h.note, h.at FROM audit.signed_head h
       WHERE NOT EXISTS (SELECT FROM audit.checkpoint c WHERE c.epoch = h.epoch AND c.at > $1)
       ON CONFLICT (epoch, size) DO NOTHING`,
      [new Date(now.getTime() - KEPT_EVERY_MS)],
    );
    const { rows } = await this.#client.query(
      'SELECT FROM audit.checkpoint JOIN audit.signed_head USING (epoch, size)',
    );
    return rows.length > 0;
  }
}

const recordsOf = ({ index, entry: { envelope, subjects } }: NewLeaf): readonly NewRecord[] =>
  subjects.map((subject, position) => ({ ...subject, index, at: envelope.at, position }));
