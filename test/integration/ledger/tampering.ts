import pg from 'pg';
import { Frontier, HASH_BYTES, leafHash, tileOf } from '../../../src/ledger/merkle/index.js';
import type { TestDatabase } from '../../support/database.js';

/** A superuser's connection for whom no trigger fires. */
export async function asSuperuser(
  database: TestDatabase,
  work: (query: (text: string, values?: unknown[]) => Promise<pg.QueryResult>) => Promise<void>,
): Promise<void> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    await client.query('SET session_replication_role = replica');
    await work((text, values) => client.query(text, values));
  } finally {
    await client.end();
  }
}

type Query = Parameters<Parameters<typeof asSuperuser>[1]>[0];

/** The tables in which a place of the tree has a row. */
const PLACES = ['audit.leaf', 'audit.entry', 'audit.subject_record'] as const;

/** Moves everything from an index on, as somebody does who makes room or closes a gap. */
export async function shift(query: Query, from: number, by: number): Promise<void> {
  // Far away first: no two rows may meet on the way.
  for (const table of PLACES) {
    await query(`UPDATE ${table} SET leaf_index = -leaf_index - 1000000 WHERE leaf_index >= $1`, [from]);
    await query(`UPDATE ${table} SET leaf_index = -leaf_index - 1000000 + $1 WHERE leaf_index < 0`, [by]);
  }
}

export async function swap(query: Query, a: number, b: number): Promise<void> {
  for (const table of PLACES) {
    await query(`UPDATE ${table} SET leaf_index = -1 WHERE leaf_index = $1`, [a]);
    await query(`UPDATE ${table} SET leaf_index = $1 WHERE leaf_index = $2`, [a, b]);
    await query(`UPDATE ${table} SET leaf_index = $1 WHERE leaf_index = -1`, [b]);
  }
}

/** Makes hashes, tiles and head fit the leaves again: all that can be done without the keys. */
export async function rebuild(query: Query): Promise<void> {
  await query(`UPDATE audit.leaf SET hash = sha256('\\x00'::bytea || envelope)`);
  const { rows } = await query('SELECT envelope FROM audit.leaf ORDER BY leaf_index');
  const frontier = Frontier.empty();
  const tiles = new Map<string, Buffer[]>();
  for (const row of rows) {
    for (const node of frontier.append(leafHash(row.envelope))) {
      const tile = tileOf(node.level, node.index);
      if (tile === undefined) continue;
      const key = `${tile.level}/${tile.index}`;
      tiles.set(key, [...(tiles.get(key) ?? []), node.hash]);
    }
  }
  await query('DELETE FROM audit.tile');
  for (const [key, hashes] of tiles) {
    const [level, index] = key.split('/');
    await query('INSERT INTO audit.tile (level, index, hashes) VALUES ($1, $2, $3)', [
      level,
      index,
      Buffer.concat(hashes),
    ]);
  }
  await query('UPDATE audit.tree_head SET size = $1, root = $2', [frontier.size, frontier.root()]);
}

/** Takes the whole tree back to a size at which there was a checkpoint, leaving nothing of what came after. */
export async function setBack(query: Query, size: number): Promise<void> {
  for (const table of PLACES) await query(`DELETE FROM ${table} WHERE leaf_index >= $1`, [size]);
  await query('DELETE FROM audit.checkpoint WHERE size > $1', [size]);
  await query(
    `DELETE FROM audit.quarantine q WHERE NOT EXISTS (SELECT FROM audit.entry WHERE action = 'ledger.entry_forged')`,
  );
  await noteWritersAnew(query);
  await query(
    `UPDATE audit.signed_head h SET (size, root, note, at) = (c.size, c.root, c.note, c.at)
     FROM audit.checkpoint c WHERE c.size = $1`,
    [size],
  );
  await rebuild(query);
}

/** Makes what is noted of the writers fit the leaves again. */
async function noteWritersAnew(query: Query): Promise<void> {
  await query(
    `DELETE FROM audit.writer w WHERE NOT EXISTS (SELECT FROM audit.leaf l
       WHERE convert_from(l.envelope, 'UTF8')::jsonb #>> '{introduces,writer}' = w.writer::text)`,
  );
  await query(
    `UPDATE audit.writer w SET
       sequenced = coalesce((SELECT max(l.n) FROM audit.leaf l WHERE l.writer = w.writer), 0),
       last = (SELECT sha256(l.envelope) FROM audit.leaf l WHERE l.writer = w.writer ORDER BY leaf_index DESC LIMIT 1)`,
  );
}

/** Changes one hash of a tile. */
export function spoilTile(query: Query, level: number, index: number, place: number): Promise<unknown> {
  return query(
    'UPDATE audit.tile SET hashes = set_byte(hashes, $3, 255 - get_byte(hashes, $3)) WHERE level = $1 AND index = $2',
    [level, index, place * HASH_BYTES],
  );
}
