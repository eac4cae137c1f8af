import { newId } from '../../../src/kernel/ids.js';
import { type asSuperuser, rebuild, shift, spoilTile, swap } from './tampering.js';

type Query = Parameters<Parameters<typeof asSuperuser>[1]>[0];
export type Place = number | 'the end' | 'the second month' | 'the rolled back end';

export interface Case {
  readonly what: string;
  readonly by: (query: Query) => Promise<unknown>;
  /** The first bad entry that both verifiers must name. */
  readonly first: Place;
}

/** An entry in the middle that was made alone, as was the next: of those made at once each may be of another stream. */
const VICTIM = 40;
const REWRITTEN = `UPDATE audit.leaf SET envelope = replace(convert_from(envelope, 'UTF8'), 'review', 'offer')::bytea WHERE leaf_index = ${VICTIM}`;

/** What somebody does to the tree, and where both verifiers must find it. */
export const CASES: readonly Case[] = [
  { what: 'a field of an entry is changed', by: (query) => query(REWRITTEN), first: VICTIM },
  {
    what: 'a field is changed, with every hash that follows from it and the index',
    by: async (query) => {
      await query(REWRITTEN);
      await query(`UPDATE audit.entry SET purpose = 'offer' WHERE leaf_index = $1`, [VICTIM]);
      await rebuild(query);
    },
    first: VICTIM,
  },
  {
    what: 'the index alone says something else',
    by: (query) =>
      query(`UPDATE audit.entry SET action = 'application.listed' WHERE leaf_index = $1`, [VICTIM]),
    first: VICTIM,
  },
  {
    what: 'the index alone forgets an entry',
    by: (query) => query('DELETE FROM audit.entry WHERE leaf_index = $1', [VICTIM]),
    first: VICTIM,
  },
  {
    what: 'the index alone has two times swapped',
    by: (query) =>
      query(
        `UPDATE audit.entry e SET at = other.at FROM audit.entry other
         WHERE e.leaf_index IN ($1, $2) AND other.leaf_index = $1 + $2 - e.leaf_index`,
        [45, 46],
      ),
    first: 45,
  },
  {
    what: "a subject's record is changed",
    by: (query) =>
      query(
        `UPDATE audit.subject_record SET record = replace(convert_from(record, 'UTF8'), 'education', 'identity')::bytea WHERE leaf_index = $1`,
        [VICTIM],
      ),
    first: VICTIM,
  },
  {
    what: "a subject's record is removed",
    by: (query) => query('DELETE FROM audit.subject_record WHERE leaf_index = $1', [VICTIM]),
    first: VICTIM,
  },
  {
    what: 'an entry in the middle is deleted',
    by: (query) => query('DELETE FROM audit.leaf WHERE leaf_index = $1', [VICTIM]),
    first: VICTIM,
  },
  {
    what: 'an entry in the middle is deleted and the gap closed',
    by: async (query) => {
      for (const table of ['leaf', 'entry', 'subject_record'])
        await query(`DELETE FROM audit.${table} WHERE leaf_index = $1`, [VICTIM]);
      await shift(query, VICTIM, -1);
      await rebuild(query);
    },
    first: VICTIM,
  },
  {
    what: 'the last entries are deleted',
    by: async (query) => {
      const { rows } = await query('SELECT max(leaf_index) - 2 AS index FROM audit.leaf');
      await query('DELETE FROM audit.leaf WHERE leaf_index >= $1', [rows[0]?.index]);
    },
    first: 'the end',
  },
  {
    what: 'an entry is put in between',
    by: async (query) => {
      await shift(query, VICTIM, 1);
      await query(
        `INSERT INTO audit.leaf SELECT $1::bigint, at, replace(convert_from(envelope, 'UTF8'), entry_id::text, $2)::bytea, hash, writer, n, signature
         FROM audit.leaf JOIN (SELECT leaf_index, entry_id FROM audit.entry) e USING (leaf_index) WHERE leaf_index = $1 + 1`,
        [VICTIM, newId(Date.now())],
      );
      await rebuild(query);
    },
    first: VICTIM,
  },
  {
    what: 'a second entry is put in the same place',
    by: (query) =>
      query(
        `INSERT INTO audit.leaf SELECT leaf_index, at + interval '1 ms', envelope, hash, writer, n, signature FROM audit.leaf WHERE leaf_index = $1`,
        [VICTIM],
      ),
    first: VICTIM,
  },
  {
    what: 'two entries are swapped',
    by: (query) => swap(query, VICTIM, VICTIM + 1),
    first: VICTIM,
  },
  {
    what: 'two entries are swapped, with every hash that follows from it',
    by: async (query) => {
      await swap(query, VICTIM, VICTIM + 1);
      await rebuild(query);
    },
    first: VICTIM,
  },
  {
    what: 'the times of two entries are swapped',
    by: async (query) => {
      await query(
        `UPDATE audit.leaf l SET envelope = replace(convert_from(l.envelope, 'UTF8'),
           convert_from(l.envelope, 'UTF8')::jsonb ->> 'at', convert_from(o.envelope, 'UTF8')::jsonb ->> 'at')::bytea
         FROM audit.leaf o WHERE l.leaf_index IN ($1, $2) AND o.leaf_index = $1 + $2 - l.leaf_index`,
        [45, 46],
      );
      await rebuild(query);
    },
    first: 45,
  },
  {
    what: "a partition's contents are truncated",
    by: async (query) => {
      const { rows } = await query(
        `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit.leaf'::regclass ORDER BY 1 DESC`,
      );
      await query(`TRUNCATE ${rows[0]?.name}`);
    },
    first: 'the second month',
  },
  {
    what: 'a hash of the lowest tiles is changed',
    by: (query) => spoilTile(query, 0, 0, VICTIM),
    first: VICTIM,
  },
];

/** What the sequencer has noted for itself, which no export has: changes of it, and what is said of each. */
export const NOTES: readonly (readonly [string, readonly string[]])[] = [
  [
    `UPDATE audit.writer SET sequenced = sequenced + 2 WHERE stream = 'reads';
     INSERT INTO audit.quarantine SELECT gen_random_uuid(), writer, n, envelope, subjects, signature, staged_at, 'replayed' FROM audit.quarantine`,
    ['2 entries more of writer', 'no entry tells of 3 entries that were refused (replayed)'],
  ],
  [
    `UPDATE audit.writer SET sequenced = sequenced - 1 WHERE stream = 'reads'`,
    ['another number of its writer'],
  ],
  [
    `UPDATE audit.writer SET sequenced = sequenced + 1 WHERE stream = 'changes'`,
    ['another number of its writer'],
  ],
  [
    `UPDATE audit.writer SET (stream, public_key, mark, last) =
       (CASE stream WHEN 'reads' THEN 'changes' ELSE 'reads' END, sha256('x'), 'x', sha256('x'))`,
    ['another stream, key, mark, last entry of its writer'],
  ],
  [
    `INSERT INTO audit.writer SELECT gen_random_uuid(), stream, public_key, mark, sequenced, last FROM audit.writer LIMIT 1;
     UPDATE audit.tree_head SET root = sha256('x')`,
    ['whom no entry introduces', 'the head of the tree has not the root of its'],
  ],
  ['DELETE FROM audit.writer', ['does not know its writer']],
  ['UPDATE audit.tree_head SET size = size - 1', ['the head of the tree, of size']],
  ['UPDATE audit.tree_head SET size = size + 1', ['the head of the tree, of size']],
  ['UPDATE audit.tree_head SET epoch = 7', ['and epoch 7, is not the one that was signed']],
];
