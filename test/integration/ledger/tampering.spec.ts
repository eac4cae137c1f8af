import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestDatabase } from '../../support/database.js';
import { verifyAlone } from './oracles.js';
import { PreparedLedger } from './prepared-ledger.js';
import { asSuperuser, setBack } from './tampering.js';
import { CASES, NOTES, type Place } from './tampering-cases.js';

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

  it('is found and named when a checkpoint is removed that was kept', async () => {
    const copy = await ledger.copy(ledger.now);
    const rows = await copy.query<{ size: number; note: string }>(
      'SELECT size::integer, note FROM audit.checkpoint ORDER BY size',
    );
    const removed = rows.slice(4, 7);
    const copies = join(ledger.home, 'copies');
    await mkdir(copies);
    for (const { size: of, note } of removed) await writeFile(join(copies, `${of}.note`), note);
    await asSuperuser(copy, async (query) => {
      await query('DELETE FROM audit.checkpoint WHERE size = ANY ($1)', [removed.map((row) => row.size)]);
    });
    const missing = (opinion: { output: string }): readonly number[] =>
      [...opinion.output.matchAll(/the checkpoint of size (\d+) \S+ was kept/g)].map(([, of]) => Number(of));
    const sizes = removed.map((row) => row.size);
    for (const verify of [ledger.verify.bind(ledger), ledger.verifyAlone.bind(ledger)]) {
      // The first that is still there names the last of them; of what that one named a copy tells.
      const without = await verify(copy);
      expect([without.code, missing(without)]).toEqual([1, sizes.slice(-1)]);
      const withCopies = await verify(copy, copies);
      expect(missing(withCopies).toSorted((a, b) => a - b)).toEqual(sizes);
      expect(withCopies).toMatchObject({ code: 1, first: (sizes[0] ?? 0) - 1 });
    }
  });

  it('is found and named when all checkpoints are removed that were kept', async () => {
    const copy = await ledger.copy(ledger.now);
    await asSuperuser(copy, async (query) => {
      await query('DELETE FROM audit.checkpoint');
    });
    for (const { code, output } of [await ledger.verify(copy), await ledger.verifyAlone(copy)])
      expect([code, output]).toEqual([1, expect.stringMatching(/the checkpoint of size \d+ \S+ was kept/)]);
  });

  it('is found and named when a refused entry is removed that was kept for the inquiry', async () => {
    const copy = await ledger.copy(ledger.now);
    const [alarm] = await copy.query<{ index: number }>(
      `SELECT leaf_index::integer AS index FROM audit.entry WHERE action = 'ledger.entry_forged'`,
    );
    await asSuperuser(copy, async (query) => {
      await query('DELETE FROM audit.quarantine WHERE n = 2');
    });
    await expectFound(copy, alarm?.index ?? -1);
    expect((await ledger.verify(copy)).output).toContain('1 of the refused entries that it tells of');
  });

  it.each(NOTES)('is found when what the sequencer has noted is changed: %s', async (change, texts) => {
    const copy = await ledger.copy(ledger.now);
    await asSuperuser(copy, async (query) => void (await query(change)));
    const { code, output } = await ledger.verify(copy);
    expect(code).toBe(1);
    for (const text of texts) expect(output).toContain(text);
  });

  it.each([
    ['DELETE FROM audit.cosignature WHERE n = 2', 'what is numbered 2 to 2'],
    ['DELETE FROM audit.cosignature WHERE n > 3', 'what is numbered 4 to 5'],
    ['DELETE FROM audit.cosignature', 'what is numbered 1 to 5'],
    [
      `DELETE FROM audit.cosignature WHERE n = 2; UPDATE audit.cosignature SET n = n - 1 WHERE n > 2; UPDATE audit.sink SET cosigned = 4`,
      'the cosignature 2 of witness is not the one that was kept',
    ],
    [`UPDATE audit.cosignature SET line = 'x' WHERE n = 2`, 'the cosignature 2 of witness is not the one'],
    [
      'DELETE FROM audit.checkpoint c USING audit.cosignature w WHERE w.n = 2 AND c.size = w.size',
      'the checkpoint under the cosignature 2 of witness',
    ],
  ])('is found and named when what a witness has signed is changed: %s', async (change, text) => {
    const copy = await ledger.copy(ledger.now);
    await ledger.cosign(copy, 'witness', 5);
    await asSuperuser(copy, async (query) => void (await query(change)));
    const { code, output } = await ledger.verify(copy);
    expect([code, output]).toEqual([1, expect.stringContaining(text)]);
  });

  it('is not found where a witness has signed and nothing was changed', async () => {
    const copy = await ledger.copy(ledger.now);
    await ledger.cosign(copy, 'witness', 5);
    expect(await ledger.verify(copy)).toEqual({ code: 0, output: '' });
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
