import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { TreeStore } from '../../../src/ledger/sequence/tree-store.js';
import pg from 'pg';
import { LedgerFixture } from './fixture.js';

const SOURCE = resolve(import.meta.dirname, '../../../src');
/** A column given as text under its own name, and a later order by that name: PostgreSQL takes the text. */
const ORDERED_AS_TEXT =
  /(?<![\w.])(?:\w+\.)?(\w+)::text(?=\s*,|\s+FROM\b)[^`]*ORDER BY [^`\n]*?(?<![\w.])\1\b/;

/** PostgreSQL has no whole numbers that JavaScript could take for sure, so they travel as text: 9 after 10. */
describe('numbers that are read as text', () => {
  const fixture = new LedgerFixture();

  it('keep the order of numbers: tiles', async () => {
    await fixture.database.query(
      `INSERT INTO audit.tile SELECT 0, i, sha256(i::text::bytea) FROM generate_series(0, 299) AS g (i)`,
    );
    const client = new pg.Client({ connectionString: fixture.database.sequencerUrl });
    await client.connect();
    try {
      let tiles = 0;
      for await (const _ of new TreeStore(client).lowestTiles()) tiles += 1;
      expect(tiles).toBe(300);
    } finally {
      await client.end();
    }
  });

  it('keep the order of numbers: the newest checkpoint', async () => {
    const { tree } = await fixture.start();
    await fixture.database.query(
      `INSERT INTO audit.checkpoint SELECT 1, size, sha256('x'), 'note', now() FROM unnest(ARRAY[9, 99, 100, 11]) AS t (size)`,
    );
    expect(await tree.newestKept()).toMatchObject({ epoch: 1, size: 100 });
  });

  it('are never ordered by their text', async () => {
    const found: string[] = [];
    let read = 0;
    for await (const file of glob('**/*.ts', { cwd: SOURCE })) {
      read += 1;
      if (ORDERED_AS_TEXT.test(readFileSync(join(SOURCE, file), 'utf8'))) found.push(file);
    }
    expect(read).toBeGreaterThan(300);
    expect(found).toEqual([]);
    for (const statement of [
      'SELECT n::text FROM t ORDER BY n',
      'SELECT a, t.n::text, b FROM t ORDER BY a, n DESC',
    ])
      expect(ORDERED_AS_TEXT.test(statement)).toBe(true);
    for (const statement of [
      'SELECT n::text FROM t ORDER BY t.n',
      'SELECT n::text AS number FROM t ORDER BY n',
    ])
      expect(ORDERED_AS_TEXT.test(statement)).toBe(false);
  });
});
