import { Injectable } from '@nestjs/common';
import { Failure } from '../../kernel/errors.js';
import {
  consistencyProof,
  HASH_BYTES,
  inclusionProof,
  nodeFromTiles,
  type ReadNode,
  type ReadTile,
  type TileRequest,
} from '../merkle/index.js';
import { AuditorConnection } from './auditor-connection.js';

/** Where a checkpoint stands among those of an installation. */
export interface CheckpointPosition {
  readonly epoch: number;
  readonly size: number;
}

export interface PublishedCheckpoint {
  /** How many times an operator has begun anew after a rolled-back or restored database, from 1. */
  readonly epoch: number;
  readonly size: number;
  /** C2SP signed note. */
  readonly note: string;
  readonly at: Date;
}

/** Who has staged an entry: the process's stream, the entry's number in it, and its signature (docs/ledger-format.md). */
export interface SignedBy {
  readonly id: string;
  readonly n: number;
  readonly signature: Buffer;
}

export interface EntryProof {
  readonly index: number;
  /** The exact bytes that are hashed. */
  readonly envelope: Buffer;
  /** SHA-256 of a zero byte and the envelope (RFC 9162 §2.1.1). */
  readonly leaf: Buffer;
  readonly writer: SignedBy;
  /** Inclusion proof, lowest hash first. */
  readonly hashes: readonly Buffer[];
  readonly checkpoint: PublishedCheckpoint;
}

interface LeafRow {
  readonly index: string;
  readonly envelope: Buffer;
  readonly leaf: Buffer;
  readonly writer: string;
  readonly n: string;
  readonly signature: Buffer;
}

type CheckpointRow = Omit<PublishedCheckpoint, 'size'> & { readonly size: string };

/** Reads the tree itself: checkpoints, tiles and the proofs made of them. */
@Injectable()
export class TreeReader {
  readonly #auditor: AuditorConnection;

  constructor(auditor: AuditorConnection) {
    this.#auditor = auditor;
  }

  /** The entry's bytes and its inclusion proof in the newest checkpoint. @throws Failure `not_found` */
  async proof(id: string): Promise<EntryProof> {
    const [row] = await this.#auditor.query<LeafRow>(
      `SELECT l.leaf_index::text AS index, l.envelope, l.hash AS leaf, l.writer::text, l.n::text, l.signature
       FROM audit.entries e JOIN audit.leaves l ON l.leaf_index = e.leaf_index AND l.at = e.at WHERE e.entry_id = $1`,
      [id],
    );
    const checkpoint = await this.newestCheckpoint();
    const index = Number(row?.index);
    if (row === undefined || checkpoint === undefined || index >= checkpoint.size)
      throw new Failure('not_found');
    const { envelope, leaf, signature } = row;
    const writer = { id: row.writer, n: Number(row.n), signature };
    const [hashes = []] = await this.inclusion([index], checkpoint.size);
    return { index, envelope, leaf, writer, hashes, checkpoint };
  }

  /** Inclusion proofs of some leaves in the tree of one size; tiles that they share are read once. */
  async inclusion(indexes: readonly number[], size: number): Promise<readonly (readonly Buffer[])[]> {
    const read = this.#nodes();
    const proofs: (readonly Buffer[])[] = [];
    for (const index of indexes) proofs.push(await inclusionProof(read, index, size));
    return proofs;
  }

  /**
   * Proof that the tree of one size continues that of another, whether or not their checkpoints were kept here.
   * @throws Failure `not_found` for sizes that are not signed yet
   */
  async consistency(from: number, to: number): Promise<readonly Buffer[]> {
    const newest = await this.newestCheckpoint();
    if (newest === undefined || from < 1 || from > to || to > newest.size) throw new Failure('not_found');
    return consistencyProof(this.#nodes(), from, to);
  }

  /** @returns `undefined` before the first one is signed */
  async newestCheckpoint(): Promise<PublishedCheckpoint | undefined> {
    const [row] = await this.#auditor.query<CheckpointRow>(
      'SELECT epoch, size::text, note, at FROM audit.newest_checkpoint',
    );
    return row === undefined ? undefined : { ...row, size: Number(row.size) };
  }

  /** The newest of those that are kept, as it was signed. @returns `undefined` before the first one is */
  async newestKept(): Promise<PublishedCheckpoint | undefined> {
    const [row] = await this.#auditor.query<CheckpointRow>(
      'SELECT epoch, size::text, note, at FROM audit.checkpoints c ORDER BY epoch DESC, c.size DESC LIMIT 1',
    );
    return row === undefined ? undefined : { ...row, size: Number(row.size) };
  }

  /** Kept checkpoints with their cosignatures, one a second at the most, newest first. @param before only those before this one */
  async checkpoints(limit: number, before?: CheckpointPosition): Promise<readonly PublishedCheckpoint[]> {
    const rows = await this.#auditor.query<CheckpointRow>(
      `SELECT c.epoch, c.size::text, c.at,
         c.note || coalesce((SELECT string_agg(w.line || chr(10), '' ORDER BY w.sink) FROM audit.cosignatures w
                             WHERE w.epoch = c.epoch AND w.size = c.size), '') AS note
       FROM audit.checkpoints c WHERE $2::integer IS NULL OR (c.epoch, c.size) < ($2::integer, $3::bigint)
       ORDER BY c.epoch DESC, c.size DESC LIMIT $1`,
      [limit, before?.epoch ?? null, before?.size ?? null],
    );
    return rows.map((row) => ({ ...row, size: Number(row.size) }));
  }

  /** Hashes of a tile, or of the part of it that is asked for. @throws Failure `not_found` */
  async tile({ level, index, width }: TileRequest): Promise<Buffer> {
    const hashes = await this.#readTile(level, index);
    if (hashes === undefined || hashes.length < width * HASH_BYTES) throw new Failure('not_found');
    return hashes.subarray(0, width * HASH_BYTES);
  }

  #nodes(): ReadNode {
    const tiles = new Map<string, Promise<Buffer>>();
    const read: ReadTile = ({ level, index }) => {
      const key = `${level}/${index}`;
      const tile = tiles.get(key) ?? this.#requireTile(level, index);
      tiles.set(key, tile);
      return tile;
    };
    return (level, index) => nodeFromTiles(read, level, index);
  }

  async #requireTile(level: number, index: number): Promise<Buffer> {
    const hashes = await this.#readTile(level, index);
    if (hashes === undefined) throw new Failure('internal_error', { privateDetail: 'a tile is missing' });
    return hashes;
  }

  async #readTile(level: number, index: number): Promise<Buffer | undefined> {
    const [tile] = await this.#auditor.query<{ hashes: Buffer }>(
      'SELECT hashes FROM audit.tiles WHERE level = $1 AND index = $2',
      [level, index],
    );
    return tile?.hashes;
  }
}
