import fc from 'fast-check';
import { fromEscaped } from '../../../src/ledger/sequence/escaped-bytes.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

describe('bytes that PostgreSQL has escaped', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('are read as they were', async () => {
    const every = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
    const tricky = ['', '\\', '\\\\', '\\101', '\\\\101', 'é\\u00e9', '{"a":"\\"\\n"}'].map((text) =>
      Buffer.from(text),
    );
    const random = fc.sample(fc.uint8Array({ maxLength: 200 }), 200).map((bytes) => Buffer.from(bytes));
    const all = [every, every.toReversed(), ...tricky, ...random].map((bytes) => Buffer.from(bytes));
    const rows = await database.query<{ text: string }>(
      `SELECT encode(b, 'escape') AS text FROM unnest($1::bytea[]) WITH ORDINALITY AS t (b, o) ORDER BY o`,
      [all],
    );
    expect(rows.map(({ text }) => fromEscaped(text).toString('hex'))).toEqual(
      all.map((bytes) => bytes.toString('hex')),
    );
  });
});
