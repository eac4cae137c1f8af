import { PLACES } from '../../../src/sealing/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { COLUMN_OF_PLACE, REVIEWED_COLUMNS } from './reviewed-columns.js';

interface Column {
  readonly name: string;
  readonly type: string;
  /** The column's own CHECK lets nothing in but a sealed field. */
  readonly isSealed: boolean;
}

/** What can hold no text: ids, numbers, times. Everything else could carry what a person has told. */
const INERT = ['uuid', 'boolean', 'smallint', 'integer', 'bigint', 'double precision', 'timestamptz'];

/** `candidates_profile.address` stands in `candidates.profile.address`. */
const columnOf = (place: string): string => COLUMN_OF_PLACE[place] ?? place.replace('_', '.');

const SEALED_BYTES = Buffer.concat([Buffer.from([0xc5, 0x01]), Buffer.alloc(96)]);

/** Columns of every table that is not PostgreSQL's own; partitions are as the table they are part of. */
function columnsOf(database: TestDatabase): Promise<Column[]> {
  return database.query<Column>(
    `SELECT n.nspname || '.' || c.relname || '.' || a.attname AS name, format_type(a.atttypid, NULL) AS type,
            EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c'
                    AND pg_get_constraintdef(k.oid) = format('CHECK (platform.is_sealed(%I))', a.attname)) AS "isSealed"
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
       AND c.relkind IN ('r', 'p', 'm', 'f') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
       AND a.atttypid NOT IN (SELECT unnest($1::regtype[])) ORDER BY 1`,
    [INERT],
  );
}

/** What whoever added a column has to do before this passes. */
function whatToDo({ name, type }: Column): string {
  return (
    `${name} (${type}) is neither sealed nor reviewed. If a person could have told it: make it a bytea with ` +
    `CHECK (platform.is_sealed(...)) and give it a place in src/sealing/places.ts. ` +
    `If not: say why in test/integration/database/reviewed-columns.ts.`
  );
}

describe('columns that can hold text', () => {
  let database: TestDatabase;
  let columns: readonly Column[];

  beforeAll(async () => {
    database = await createTestDatabase();
    columns = await columnsOf(database);
  });

  afterAll(() => database.drop());

  it('are sealed, or have been reviewed', () => {
    const unknown = columns.filter(({ name, isSealed }) => !isSealed && !(name in REVIEWED_COLUMNS));
    expect(unknown.map(whatToDo)).toEqual([]);
    expect(columns.length).toBeGreaterThan(80);
  });

  it('have been reviewed only if they are there and not sealed', () => {
    const unsealed = new Set(columns.filter(({ isSealed }) => !isSealed).map(({ name }) => name));
    expect(Object.keys(REVIEWED_COLUMNS).filter((name) => !unsealed.has(name))).toEqual([]);
    for (const [name, reason] of Object.entries(REVIEWED_COLUMNS)) {
      expect([name, reason.length >= 10]).toEqual([name, true]);
    }
  });

  it('and are sealed are the places of the registry, one for one', () => {
    const sealed = columns.filter(({ isSealed }) => isSealed);
    expect(sealed.map(({ name }) => name)).toEqual(Object.keys(PLACES).map(columnOf).toSorted());
    expect(new Set(sealed.map(({ type }) => type))).toEqual(new Set(['bytea']));
    expect(Object.keys(COLUMN_OF_PLACE).filter((place) => !(place in PLACES))).toEqual([]);
  });

  it.each([
    ['a sealed field', SEALED_BYTES, true],
    ['nothing yet', null, null],
    ['clear text', Buffer.from('x'.repeat(200)), false],
    ['text that begins with the first byte', Buffer.from(`Å${'x'.repeat(200)}`, 'latin1'), false],
    ['the header and too little after it', SEALED_BYTES.subarray(0, 97), false],
    ['another version of the format', Buffer.concat([Buffer.from([0xc5, 0x02]), Buffer.alloc(96)]), false],
    ['no bytes', Buffer.alloc(0), false],
  ])('and are sealed are asked by their CHECK for the header: %s', async (_, value, expected) => {
    const rows = await database.query('SELECT platform.is_sealed($1::bytea) AS sealed', [value]);
    expect(rows).toEqual([{ sealed: expected }]);
  });
});
