import { newId } from '../../../src/kernel/ids.js';
import { LedgerSource } from '../../../src/ledger/read/ledger-source.js';
import { startLedger } from '../../support/ledger-process.js';
import { testSettings } from '../../support/settings.js';
import { PreparedLedger } from './prepared-ledger.js';
import { asSuperuser } from './tampering.js';

type Query = Parameters<Parameters<typeof asSuperuser>[1]>[0];

/** An entry in the middle. */
const VICTIM = 20;
const BEYOND = 1_000_000;

/** A copy of an entry under another id, which only the index knows. */
const invented = (query: Query, index: number): Promise<unknown> =>
  query(
    `INSERT INTO audit.entry SELECT (jsonb_populate_record(e, jsonb_build_object('leaf_index', $1::bigint, 'entry_id', $2::uuid))).*
     FROM audit.entry e WHERE leaf_index = $3`,
    [index, newId(Date.now()), VICTIM],
  );

const HOUR_OF_VICTIM = `hour = (SELECT date_trunc('hour', at, 'UTC') FROM audit.entry WHERE leaf_index = ${VICTIM})`;

describe('what searches find', () => {
  let ledger: PreparedLedger;

  beforeAll(async () => {
    ledger = await PreparedLedger.make();
  }, 60_000);
  afterAll(() => ledger.remove());

  async function afterwards(work: (query: Query) => Promise<unknown>) {
    const copy = await ledger.copy(ledger.now);
    await asSuperuser(copy, async (query) => void (await work(query)));
    return copy;
  }

  it.each([BEYOND, -7])('is not in order with an entry outside the tree: at %i', async (place) => {
    expect(await ledger.verify(await afterwards((query) => invented(query, place)))).toMatchObject({
      code: 1,
      first: place,
      output: expect.stringContaining('outside the tree'),
    });
  });

  it.each([
    [
      "a subject's record",
      `INSERT INTO audit.subject_record SELECT ${BEYOND}, at, position, subject, record, hash FROM audit.subject_record WHERE leaf_index = ${VICTIM}`,
    ],
    [
      'an entry’s bytes',
      `INSERT INTO audit.leaf SELECT ${BEYOND}, at, envelope, hash, writer, n, signature FROM audit.leaf WHERE leaf_index = ${VICTIM}`,
    ],
    [
      'a hash of the lowest tiles',
      `INSERT INTO audit.tile VALUES (0, ${BEYOND >> 8}, decode(repeat('00', 32 * ${(BEYOND % 256) + 1}), 'hex'))`,
    ],
    [
      'a hash of the tiles above them',
      `INSERT INTO audit.tile VALUES (1, ${BEYOND >> 16}, decode(repeat('00', 32 * ${((BEYOND >> 8) % 256) + 1}), 'hex'))`,
    ],
  ])('has nothing outside the tree, such as %s', async (what, statement) => {
    const copy = await afterwards((query) => query(statement));
    const context = await startLedger(testSettings(copy, ledger.home, 0), ledger.clock);
    const source = context.get(LedgerSource);
    const size = (await source.newest())?.size ?? 0;
    const strays = [await source.strayPlace(size), await source.strayPlace(2 * BEYOND)];
    await context.close();
    expect(strays).toEqual([what.endsWith('above them') ? BEYOND - (BEYOND % 256) : BEYOND, undefined]);
  });

  it.each<[string, string, string]>([
    ['from its middle on', `UPDATE audit.hour SET last_leaf = ${VICTIM - 1} WHERE ${HOUR_OF_VICTIM}`, 'end'],
    ['up to its middle', `UPDATE audit.hour SET first_leaf = ${VICTIM} WHERE ${HOUR_OF_VICTIM}`, 'beginning'],
    ['altogether', `DELETE FROM audit.hour WHERE ${HOUR_OF_VICTIM}`, 'all'],
    [
      'by another place',
      `UPDATE audit.hour SET first_leaf = ${BEYOND}, last_leaf = ${BEYOND} WHERE ${HOUR_OF_VICTIM}`,
      'all',
    ],
  ])('is not in order when an hour is hidden from searches by time: %s', async (_, statement, part) => {
    const [hour] = await ledger.now.query<{ first: number; last: number }>(
      `SELECT first_leaf::integer AS first, last_leaf::integer AS last FROM audit.hour WHERE ${HOUR_OF_VICTIM}`,
    );
    await ledger.now.rest();
    const { first = -1, last = -1 } = hour ?? {};
    expect(await ledger.verify(await afterwards((query) => query(statement)))).toMatchObject({
      code: 1,
      first: part === 'end' ? VICTIM : first,
      last: part === 'beginning' ? VICTIM - 1 : last,
      output: expect.stringContaining('searches by time'),
    });
  });

  it.each<[string, readonly (readonly [string, string, string])[]]>([
    [
      'the index',
      [
        ['entry', 'entry_id = gen_random_uuid()', 'another id '],
        ['entry', "at = at + interval '1 ms'", 'another at '],
        ['entry', "action = 'x'", 'another action '],
        ['entry', "outcome = 'refused'", 'another outcome '],
        ['entry', "reason = 'x'", 'another reason '],
        ['entry', "actor_kind = 'x'", 'another actorKind '],
        ['entry', "actor_id = 'x'", 'another actorId '],
        ['entry', 'client_id = gen_random_uuid()', 'another clientId '],
        ['entry', 'agency_id = NULL', 'another agencyId '],
        ['entry', 'session_id = gen_random_uuid()', 'another sessionId '],
        ['entry', "resource_type = 'x'", 'another resourceType '],
        ['entry', "resource_id = 'x'", 'another resourceId '],
        ['entry', 'purpose = NULL', 'another purpose '],
        ['entry', 'request_id = gen_random_uuid()', 'another requestId '],
        ['entry', "origin_address = 'x'", 'another originAddress '],
        ['entry', "origin_network = 'x'", 'another originNetwork '],
        ['entry', 'count = 7', 'another count '],
        ['entry', "key = 'x'", 'another key '],
      ],
    ],
    [
      'the subjects’ records, or of the leaves',
      [
        ['subject_record', "at = at + interval '1 ms'", 'other subjects, times, places or hashes'],
        ['subject_record', 'position = 5', 'other subjects, times, places or hashes'],
        ['subject_record', 'subject = gen_random_uuid()', 'other subjects, times, places or hashes'],
        ['subject_record', "hash = sha256('x')", 'other subjects, times, places or hashes'],
        ['subject_record', 'record = NULL', 'a record of its subjects was removed'],
        ['leaf', "hash = sha256('x')", ''],
        ['leaf', 'writer = gen_random_uuid()', 'its writer or number'],
        ['leaf', 'n = n + 1', 'its writer or number'],
        ['leaf', 'signature = set_byte(signature, 0, 255 - get_byte(signature, 0))', 'has not signed it'],
      ],
    ],
  ])('is not in order with any other column of %s', async (_, changes) => {
    const copy = await afterwards(async (query) => {
      for (const [at, [table, change]] of changes.entries())
        await query(`UPDATE audit.${table} SET ${change} WHERE leaf_index = ${VICTIM + at}`);
    });
    const [own, alone] = [await ledger.verify(copy), await ledger.verifyAlone(copy)];
    for (const [at, [table, change, text]] of changes.entries()) {
      const found = new RegExp(`^(?:BAD  entry )?${VICTIM + at}: .*${text}`, 'm');
      expect([change, own.output]).toEqual([change, expect.stringMatching(found)]);
      // The hash beside the leaf is in no export: the tree's own is.
      if (table === 'leaf' && text === '') continue;
      expect([change, alone.output]).toEqual([change, expect.stringMatching(found)]);
    }
  });

  it('is not in order with checkpoints that are kept under another size or epoch, or cover what is not there', async () => {
    const copy = await afterwards(async (query) => {
      const { rows } = await query('SELECT size FROM audit.checkpoint ORDER BY size DESC LIMIT 6');
      await query('UPDATE audit.checkpoint SET size = size + $2 WHERE size = $1', [rows[5]?.size, BEYOND]);
      await query('UPDATE audit.checkpoint SET epoch = 7 WHERE size = $1', [rows[4]?.size]);
      await query(
        `UPDATE audit.signed_head h SET (size, root, note, at) = (c.size, c.root, c.note, c.at)
         FROM audit.checkpoint c WHERE c.size = $1`,
        [rows[3]?.size],
      );
      for (const table of ['leaf', 'entry', 'subject_record'])
        await query(`DELETE FROM audit.${table} WHERE leaf_index >= $1`, [rows[3]?.size]);
    });
    const [newest] = await copy.query<{ size: number }>('SELECT size::integer FROM audit.signed_head');
    await copy.rest();
    for (const opinion of [await ledger.verify(copy), await ledger.verifyAlone(copy)]) {
      expect(opinion.code).toBe(1);
      expect(opinion.output).toContain('2 checkpoints are of another size or epoch');
      expect(opinion.output).toContain(`${newest?.size}: missing: the checkpoint of size`);
    }
  });

  it('is not in order with an entry behind what the newest checkpoint covers', async () => {
    const copy = await afterwards(async (query) => {
      await query('ALTER TABLE audit.entry DROP CONSTRAINT entry_entry_id_key');
      const from = (table: string): string =>
        `INSERT INTO audit.${table} SELECT (jsonb_populate_record(t, jsonb_build_object('leaf_index', h.size))).*
         FROM audit.${table} t, audit.signed_head h WHERE t.leaf_index = ${VICTIM}`;
      for (const table of ['leaf', 'entry', 'subject_record']) await query(from(table));
      await query(
        `UPDATE audit.tile SET hashes = hashes || (SELECT hash FROM audit.leaf WHERE leaf_index = ${VICTIM}) WHERE level = 0`,
      );
      await query('UPDATE audit.signed_head SET size = size + 1');
    });
    const [newest] = await copy.query<{ size: number }>('SELECT size::integer FROM audit.signed_head');
    await copy.rest();
    expect((await ledger.verify(copy)).output).toContain('1 checkpoints are of another size or epoch');
    const alone = await ledger.verifyAlone(copy);
    expect(alone).toMatchObject({ code: 1, first: (newest?.size ?? 0) - 1 });
    expect(alone.output).toContain('the newest checkpoint ends before it');
  });

  it('is in order when an hour is looked for in more places than it has', async () => {
    const copy = await afterwards((query) => query('UPDATE audit.hour SET first_leaf = 0'));
    expect(await ledger.verify(copy)).toMatchObject({ code: 0 });
  });

  it('is read a page at a time, however much is asked for', async () => {
    const copy = await afterwards((query) => query('SELECT'));
    const context = await startLedger(testSettings(copy, ledger.home, 0), ledger.clock);
    const places: number[] = [];
    for await (const { leaves } of context.get(LedgerSource).pages(0, 5_000)) places.push(leaves.length);
    await context.close();
    expect(places).toEqual([1_024, 1_024, 1_024, 1_024, 904]);
  });
});
