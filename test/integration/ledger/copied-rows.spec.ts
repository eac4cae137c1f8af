import fc from 'fast-check';
import pg from 'pg';
import {
  BIGINT,
  BYTEA,
  column,
  INTEGER,
  MOMENT,
  TEXT,
  UUID,
} from '../../../src/ledger/sequence/binary-rows.js';
import { type CopiedTable, copyRows } from '../../../src/ledger/sequence/copy-rows.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

interface Row {
  readonly place: number;
  readonly bytes?: Buffer;
  readonly words?: string;
  readonly id?: string;
  readonly moment?: string;
  readonly count?: number;
}

const COPIED: CopiedTable<Row> = {
  table: 'copied',
  columns: [
    column('place', BIGINT, ({ place }) => place),
    column('bytes', BYTEA, ({ bytes }) => bytes),
    column('words', TEXT, ({ words }) => words),
    column('id', UUID, ({ id }) => id),
    column('moment', MOMENT, ({ moment }) => moment),
    column('count', INTEGER, ({ count }) => count),
  ],
};

const nul = '\0';
const rows = fc.record(
  {
    bytes: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    words: fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => text.replaceAll(nul, '')),
    id: fc.uuid(),
    moment: fc
      .date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    count: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  },
  { requiredKeys: [] },
);

describe('rows that are copied', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.query(
      'CREATE TABLE copied (place bigint PRIMARY KEY, bytes bytea, words text, id uuid, moment timestamptz, count integer)',
    );
    client = new pg.Client({ connectionString: database.ownerUrl });
    await client.connect();
  });
  afterEach(() => database.query('TRUNCATE copied'));
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const stored = async (): Promise<Row[]> => {
    const found = await database.query<Record<string, unknown>>(
      'SELECT place::text, bytes, words, id::text, moment, count FROM copied c ORDER BY c.place',
    );
    return found.map((row) => ({
      place: Number(row['place']),
      ...(row['bytes'] instanceof Buffer && { bytes: row['bytes'] }),
      ...(typeof row['words'] === 'string' && { words: row['words'] }),
      ...(typeof row['id'] === 'string' && { id: row['id'] }),
      ...(row['moment'] instanceof Date && { moment: row['moment'].toISOString() }),
      ...(typeof row['count'] === 'number' && { count: row['count'] }),
    }));
  };

  it('are as they were, with what is absent absent', async () => {
    const sample = fc.sample(rows, 500).map((row, at): Row => ({ ...row, place: at - 250 }));
    const far: Row = { place: Number.MAX_SAFE_INTEGER, moment: '2026-11-30T23:59:59.999Z' };
    await copyRows(client, COPIED, [...sample, far]);
    expect(await stored()).toEqual([...sample, far]);
  });

  it('go over in pieces, whatever does not fit into one', async () => {
    const sizes = [10, 70_000, 65_535, 3_000_000, 0, 1_048_576, ...Array.from({ length: 90 }, () => 30_000)];
    const long = sizes.map((size, place): Row => ({ place, bytes: Buffer.alloc(size, place) }));
    await copyRows(client, COPIED, [...long, { place: 1_000, words: 'é'.repeat(700_000) }]);
    const found = await stored();
    expect(found.map(({ bytes }) => bytes?.length)).toEqual([...sizes, undefined]);
    expect(
      found.every(({ place, bytes }) => bytes?.every((byte) => byte === place % 256) ?? place === 1_000),
    ).toBe(true);
    expect(found.at(-1)?.words).toBe('é'.repeat(700_000));
  });

  it('are all there or none, and the connection goes on', async () => {
    const twice: Row[] = [{ place: 1 }, { place: 2 }, { place: 1 }];
    await expect(copyRows(client, COPIED, twice)).rejects.toThrow('duplicate key');
    await copyRows(client, COPIED, [{ place: 3 }]);
    expect(await stored()).toEqual([{ place: 3 }]);
  });
});
