import type pg from 'pg';
import { type FinishedNode, HASH_BYTES, tileOf } from '../merkle/index.js';
import { hashOf, type KnownWriter, type StagedEntry, type StagedRow } from './staged-entry.js';

export interface TreeHead {
  readonly epoch: number;
  readonly size: number;
  readonly root: Buffer;
}

/** The sequencer's statements. Each runs on the connection that holds the election lock. */
export class TreeStore {
  readonly #client: pg.Client;

  constructor(client: pg.Client) {
    this.#client = client;
  }

  async head(): Promise<TreeHead> {
    const { rows } = await this.#client.query<{ epoch: number; size: string; root: Buffer }>(
      'SELECT epoch, size, root FROM audit.tree_head',
    );
    const [row] = rows;
    if (row === undefined) throw new Error('The tree has no head.');
    return { epoch: row.epoch, size: Number(row.size), root: row.root };
  }

  async leafHashes(from: number, limit: number): Promise<readonly Buffer[]> {
    const { rows } = await this.#client.query<{ hash: Buffer }>(
      'SELECT hash FROM audit.leaf WHERE leaf_index >= $1 ORDER BY leaf_index LIMIT $2',
      [from, limit],
    );
    return rows.map((row) => row.hash);
  }

  async staged(limit: number): Promise<readonly StagedRow[]> {
    const { rows } = await this.#client.query<StagedRow>(
      `SELECT entry_id::text, writer::text, n, envelope, subjects, signature, staged_at
       FROM audit.staging ORDER BY staged_at, n LIMIT $1`,
      [limit],
    );
    return rows;
  }

  async writers(ids: readonly string[]): Promise<Map<string, KnownWriter>> {
    const { rows } = await this.#client.query<{
      writer: string;
      public_key: Buffer;
      kind: KnownWriter['kind'];
      sequenced: string;
    }>('SELECT writer::text, public_key, kind, sequenced FROM audit.writer WHERE writer = ANY ($1::uuid[])', [
      [...ids],
    ]);
    return new Map(
      rows.map((row) => [
        row.writer,
        { publicKey: row.public_key, kind: row.kind, sequenced: Number(row.sequenced) },
      ]),
    );
  }

  /** Runs `work` in one transaction on the lock's own connection. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.#client.query('BEGIN');
    try {
      const result = await work();
      await this.#client.query('COMMIT');
      return result;
    } catch (error) {
      await this.#client.query('ROLLBACK');
      throw error;
    }
  }

  async openMonths(moments: readonly Date[]): Promise<void> {
    const months = new Set(moments.map((moment) => `${moment.toISOString().slice(0, 7)}-01`));
    for (const month of months) await this.#client.query('SELECT audit.open_month($1)', [month]);
  }

  async unstage(entryIds: readonly string[]): Promise<void> {
    await this.#client.query('DELETE FROM audit.staging WHERE entry_id = ANY ($1::uuid[])', [[...entryIds]]);
  }

  async quarantine(entries: readonly StagedRow[]): Promise<void> {
    const ids = entries.map((entry) => entry.entry_id);
    await this.#client.query(
      'INSERT INTO audit.quarantine SELECT * FROM audit.staging WHERE entry_id = ANY ($1::uuid[])',
      [ids],
    );
    await this.unstage(ids);
  }

  async insert(first: number, entries: readonly StagedEntry[]): Promise<void> {
    const column = <T>(pick: (entry: StagedEntry) => T): T[] => entries.map(pick);
    await this.#client.query(
      `INSERT INTO audit.leaf (leaf_index, at, envelope, hash, writer, n, signature)
       SELECT $1 + o - 1, at, envelope, hash, writer, n, signature
       FROM unnest($2::timestamptz[], $3::bytea[], $4::bytea[], $5::uuid[], $6::bigint[], $7::bytea[])
            WITH ORDINALITY AS t (at, envelope, hash, writer, n, signature, o)`,
      [
        first,
        column((e) => e.envelope.at),
        column((e) => e.bytes),
        column(hashOf),
        column((e) => e.writer),
        column((e) => e.n),
        column((e) => e.signature),
      ],
    );
    await this.#client.query(
      `INSERT INTO audit.entry
       SELECT $1 + o - 1, (e->>'id')::uuid, (e->>'at')::timestamptz, e->>'action', e->>'outcome', e#>>'{actor,kind}',
              (e#>>'{actor,id}')::uuid, (e->>'client')::uuid, (e->>'agency')::uuid, (e->>'session')::uuid,
              e#>>'{resource,type}', (e#>>'{resource,id}')::uuid, e->>'purpose', e->>'reason',
              (e->>'requestId')::uuid, e#>>'{origin,network}', (e->>'count')::int
       FROM unnest($2::jsonb[]) WITH ORDINALITY AS t (e, o)`,
      [first, column((e) => e.bytes.toString('utf8'))],
    );
    const records = entries.flatMap((entry, at) =>
      entry.records.map((record, position) => ({ ...record, at: first + at, position })),
    );
    if (records.length === 0) return;
    await this.#client.query(
      `INSERT INTO audit.subject_access (leaf_index, position, subject, application_id, fields, nonce)
       SELECT (r->>'at')::bigint, (r->>'position')::int, (r->>'subject')::uuid, (r->>'application')::uuid,
              ARRAY(SELECT jsonb_array_elements_text(r->'fields')), decode(translate(r->>'nonce', '-_', '+/') || '==', 'base64')
       FROM unnest($1::jsonb[]) AS t (r)`,
      [records.map((record) => JSON.stringify(record))],
    );
  }

  async keepWriters(writers: ReadonlyMap<string, KnownWriter>): Promise<void> {
    const entries = [...writers];
    await this.#client.query(
      `INSERT INTO audit.writer (writer, public_key, kind, sequenced)
       SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::text[], $4::bigint[])
       ON CONFLICT (writer) DO UPDATE SET sequenced = excluded.sequenced`,
      [
        entries.map(([id]) => id),
        entries.map(([, writer]) => writer.publicKey),
        entries.map(([, writer]) => writer.kind),
        entries.map(([, writer]) => writer.sequenced),
      ],
    );
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
    for (const { level, index, offset, hashes } of grown.values()) {
      const { rowCount } = await this.#client.query(
        `INSERT INTO audit.tile AS t (level, index, hashes) VALUES ($1, $2, $3)
         ON CONFLICT (level, index) DO UPDATE SET hashes = t.hashes || excluded.hashes
         WHERE octet_length(t.hashes) = $4`,
        [level, index, Buffer.concat(hashes), offset * HASH_BYTES],
      );
      if (rowCount !== 1) throw new Error('A tile is not where the tree says it is.');
    }
  }

  /** Compare-and-set: fails when anybody else has moved the head. */
  async moveHead(from: TreeHead, to: TreeHead): Promise<void> {
    const { rowCount } = await this.#client.query(
      'UPDATE audit.tree_head SET size = $4, root = $5 WHERE epoch = $1 AND size = $2 AND root = $3',
      [from.epoch, from.size, from.root, to.size, to.root],
    );
    if (rowCount !== 1) throw new Error('The head of the tree was moved by somebody else.');
  }

  async publish(head: TreeHead, note: string, at: Date): Promise<void> {
    await this.#client.query(
      `INSERT INTO audit.checkpoint (epoch, size, root, note, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
      [head.epoch, head.size, head.root, note, at],
    );
    await this.#client.query(`SELECT pg_notify('sceau_checkpoint', $1)`, [String(head.size)]);
  }
}
