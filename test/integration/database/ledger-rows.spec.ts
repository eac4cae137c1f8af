import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const WRITER = '01900000-0000-7000-8000-000000000002';
const zeros = (bytes: number): Buffer => Buffer.alloc(bytes);

/** The wall behind the grants: it stands in the way of the owner of everything. */
describe('rows of the ledger', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.query(`SELECT audit.open_month('2026-11-01'::date)`);
    await database.query(
      `INSERT INTO audit.leaf (leaf_index, at, envelope, hash, writer, n, signature) VALUES (0, '2026-11-05T00:00Z', $1, $1, $2, 1, $1)`,
      [zeros(32), WRITER],
    );
    const head = [zeros(32), 'a note'];
    await database.query(
      `INSERT INTO audit.checkpoint (epoch, size, root, note, at) VALUES (1, 1, $1, $2, now())`,
      head,
    );
    await database.query(
      `INSERT INTO audit.signed_head (epoch, size, root, note, at) VALUES (1, 1, $1, $2, now())`,
      head,
    );
    await database.query('INSERT INTO audit.tile (level, index, hashes) VALUES (0, 0, $1)', [zeros(64)]);
    await database.query('UPDATE audit.tree_head SET size = 1');
  });

  afterAll(() => database.drop());

  const tables = ['audit.leaf', 'audit.leaf_2026_11', 'audit.checkpoint'] as const;

  it.each(
    tables.flatMap((table) => [`UPDATE ${table} SET at = at`, `DELETE FROM ${table}`, `TRUNCATE ${table}`]),
  )('stay as they are: %s', async (statement) => {
    await expect(database.query(statement)).rejects.toThrow('the ledger is append-only');
  });

  it.each([
    'DELETE FROM audit.tile',
    'TRUNCATE audit.tile',
    'DELETE FROM audit.tree_head',
    'DELETE FROM audit.signed_head',
  ])('stay: %s', async (statement) => {
    await expect(database.query(statement)).rejects.toThrow('the ledger is append-only');
  });

  it.each([
    'UPDATE audit.tile SET hashes = substring(hashes FROM 1 FOR 32)',
    `UPDATE audit.tile SET hashes = set_byte(hashes, 40, 1)`,
    'UPDATE audit.tile SET index = 1',
  ])('of a tile only grow: %s', async (statement) => {
    await expect(database.query(statement)).rejects.toThrow('a tile only grows');
  });

  it.each([
    'UPDATE audit.tree_head SET size = 0',
    'UPDATE audit.signed_head SET size = 0',
    'UPDATE audit.signed_head SET epoch = 0, size = 9',
  ])('that say how far the tree is go forward: %s', async (statement) => {
    await expect(database.query(statement)).rejects.toThrow('the tree only grows');
  });

  it('take what the sequencer has to add', async () => {
    await database.query('UPDATE audit.tile SET hashes = hashes || $1', [zeros(32)]);
    await database.query('UPDATE audit.tree_head SET size = 2');
    await database.query('UPDATE audit.signed_head SET size = 2');
    const grown = await database.query('SELECT octet_length(hashes) AS bytes FROM audit.tile');
    expect(grown).toEqual([{ bytes: 96 }]);
  });
});
