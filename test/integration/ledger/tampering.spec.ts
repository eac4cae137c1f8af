import { newId } from '../../../src/kernel/ids.js';
import type { TestDatabase } from '../../support/database.js';
import { verifyAlone } from './oracles.js';
import { PreparedLedger } from './prepared-ledger.js';
import { asSuperuser, rebuild, setBack, shift, spoilTile, swap } from './tampering.js';

type Query = Parameters<Parameters<typeof asSuperuser>[1]>[0];
type Place = number | 'the end' | 'the second month' | 'the rolled back end';

interface Case {
  readonly what: string;
  readonly by: (query: Query) => Promise<unknown>;
  /** The first bad entry that both verifiers must name. */
  readonly first: Place;
}

/** An entry in the middle that was made alone, as was the next: of those made at once each may be of another stream. */
const VICTIM = 40;
const REWRITTEN = `UPDATE audit.leaf SET envelope = replace(convert_from(envelope, 'UTF8'), 'review', 'offer')::bytea WHERE leaf_index = ${VICTIM}`;

const CASES: readonly Case[] = [
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

describe('tampering with the database as its superuser', () => {
  let ledger: PreparedLedger;
  let size: number;
  const places = new Map<Place, number>();

  beforeAll(async () => {
    ledger = await PreparedLedger.make();
    const [row] = await ledger.now.query<{ size: number; second: number; old: number }>(
      `SELECT count(*)::integer AS size, (SELECT min(leaf_index)::integer FROM audit.leaf WHERE at > (SELECT min(at) + interval '20 days' FROM audit.leaf)) AS second
       FROM audit.leaf`,
    );
    size = row?.size ?? 0;
    places.set('the end', size - 3).set('the second month', row?.second ?? 0);
    await ledger.now.rest();
    const [old] = await ledger.old.query<{ size: number }>('SELECT size::integer FROM audit.signed_head');
    places.set('the rolled back end', old?.size ?? 0);
    await ledger.old.rest();
  }, 60_000);

  afterAll(() => ledger.remove());

  const placeOf = (place: Place): number => (typeof place === 'number' ? place : (places.get(place) ?? -1));

  async function expectFound(database: TestDatabase, first: number, last = first): Promise<void> {
    for (const opinion of [
      await ledger.verify(database, ledger.kept),
      await ledger.verifyAlone(database, ledger.kept),
    ])
      expect(opinion).toMatchObject({ code: 1, first, last });
  }

  it('is not found where there is none', async () => {
    expect(size).toBeGreaterThan(90);
    for (const kept of [undefined, ledger.kept]) {
      expect(await ledger.verify(ledger.now, kept)).toEqual({ code: 0, output: '' });
      expect(await ledger.verifyAlone(ledger.now, kept)).toMatchObject({
        code: 0,
        output: expect.stringContaining(`Verified: ${size} entries, test.localhost/audit/1.`),
      });
    }
  });

  it.each(CASES)('is found and named when $what', async ({ by, first }) => {
    const copy = await ledger.copy(ledger.now);
    await asSuperuser(copy, async (query) => void (await by(query)));
    await expectFound(copy, placeOf(first));
  });

  it('is found by what was kept when everything is set back to an earlier checkpoint', async () => {
    const copy = await ledger.copy(ledger.now);
    const [checkpoint] = await copy.query<{ size: number }>(
      'SELECT size::integer FROM audit.checkpoint WHERE size < $1 ORDER BY size DESC OFFSET 4 LIMIT 1',
      [size],
    );
    const back = checkpoint?.size ?? 0;
    await asSuperuser(copy, (query) => setBack(query, back));
    expect(await ledger.verify(copy)).toMatchObject({ code: 0 });
    expect(await ledger.verifyAlone(copy)).toMatchObject({ code: 0 });
    await expectFound(copy, back);
  });

  it('is found by what was kept when the database is that of an hour ago', async () => {
    expect(await ledger.verifyAlone(ledger.old)).toMatchObject({ code: 0 });
    await expectFound(ledger.old, placeOf('the rolled back end'));
  });

  it('is found when the whole tree is written anew and signed with another key', async () => {
    const other = await PreparedLedger.make();
    const opinions = [
      await ledger.verify(other.now, ledger.kept),
      await ledger.verifyAlone(other.now, ledger.kept),
    ];
    await other.remove();
    for (const { code, first, output } of opinions) {
      expect([code, first]).toEqual([1, 0]);
      expect(output).toContain('not signed by this key');
      expect(output).toMatch(/fork: the tree is not the one of the checkpoint of size \d+ \(\d+\.txt\)/);
    }
  }, 60_000);

  it('is found when a writer is made up, by whoever knows our mark', async () => {
    const copy = await ledger.copy(ledger.now);
    await asSuperuser(copy, async (query) => {
      await query(
        `UPDATE audit.leaf SET envelope = regexp_replace(convert_from(envelope, 'UTF8'), '"mark":"[^"]+"', '"mark":"forged"')::bytea WHERE leaf_index = 0`,
      );
    });
    expect(await ledger.verify(copy)).toMatchObject({
      code: 1,
      first: 0,
      output: expect.stringContaining('a writer that is none of ours'),
    });
  });

  it('cannot be told without a key, without an end or from something else', async () => {
    const file = await ledger.export(ledger.now);
    expect(await verifyAlone(file)).toMatchObject({ code: 2 });
    expect(await verifyAlone(file, '--key', 'no+00000000+key')).toMatchObject({ code: 2 });
    expect(await verifyAlone(ledger.verifierFile, '--key', ledger.verifierFile)).toMatchObject({ code: 2 });
    expect(await verifyAlone('/nowhere', '--key', ledger.verifierFile)).toMatchObject({ code: 2 });
  });
});
