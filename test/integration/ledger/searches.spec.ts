import { newId } from '../../../src/kernel/ids.js';
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

  it.each<[string, number, (query: Query) => Promise<unknown>]>([
    ['an entry beyond the tree', BEYOND, (query) => invented(query, BEYOND)],
    ['an entry before the tree', -7, (query) => invented(query, -7)],
    [
      "a subject's record beyond the tree",
      BEYOND,
      (query) =>
        query(
          `INSERT INTO audit.subject_record SELECT $1, at, position, subject, record, hash FROM audit.subject_record WHERE leaf_index = $2`,
          [BEYOND, VICTIM],
        ),
    ],
  ])('is not in order with %s', async (_, place, work) => {
    const found = await ledger.verify(await afterwards(work));
    expect(found).toMatchObject({
      code: 1,
      first: place,
      output: expect.stringContaining('outside the tree'),
    });
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

  it('is in order with an erased record, of which both verifiers tell', async () => {
    const copy = await afterwards((query) =>
      query('UPDATE audit.subject_record SET subject = NULL, record = NULL WHERE leaf_index IN ($1, $2)', [
        VICTIM,
        VICTIM + 1,
      ]),
    );
    for (const opinion of [await ledger.verify(copy), await ledger.verifyAlone(copy)])
      expect(opinion).toMatchObject({
        code: 0,
        output: expect.stringContaining(`2 subjects' records were erased, the first in entry ${VICTIM}`),
      });
  });

  it('is in order when an hour is looked for in more places than it has', async () => {
    const copy = await afterwards((query) => query('UPDATE audit.hour SET first_leaf = 0'));
    expect(await ledger.verify(copy)).toMatchObject({ code: 0 });
  });
});
