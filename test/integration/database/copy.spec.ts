import { randomUUID } from 'node:crypto';
import { cellsOf, copyDatabase, keepLog } from '../../support/copy.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { pgDump } from '../../support/pg-dump/pg-dump.js';
import { digestsOf, encodingsOf, findAll, needlesOf } from '../../support/needles.js';

const SECRET = 'Maëlle "L’Hermite" ';
const secret = (): string => `${SECRET}${randomUUID()}`;

/** Base64 as it comes about when other bytes stand before and after. */
function within(alphabet: BufferEncoding, shift: number, text: string): Buffer {
  return Buffer.from(Buffer.from(`${'x'.repeat(shift)}${text}yz`).toString(alphabet));
}

const isText = (bytes: Buffer): boolean => !bytes.includes(0) && Buffer.from(bytes.toString()).equals(bytes);

const PLANTED: readonly (readonly [string, (text: string) => Buffer])[] = [
  ...[...encodingsOf(SECRET).keys()]
    .filter((name) => !name.includes('base64'))
    .map((name) => [name, (text: string) => encodingsOf(text).get(name) ?? Buffer.alloc(0)] as const),
  ...[0, 1, 2, 3].flatMap((shift) => [
    [`base64 ${shift} bytes on`, (text: string) => within('base64', shift, text)] as const,
    [`base64url ${shift} bytes on`, (text: string) => within('base64url', shift, text)] as const,
  ]),
  ['small letters', (text) => Buffer.from(text.toLowerCase())],
  ['capitals', (text) => Buffer.from(text.toUpperCase())],
  ['no accents', (text) => Buffer.from(text.replace('é', 'e').toLowerCase())],
  ['JSON', (text) => Buffer.from(JSON.stringify({ name: { given: text } }))],
  ['hex of JSON', (text) => Buffer.from(Buffer.from(JSON.stringify({ name: [text] })).toString('hex'))],
];

/** What the test of the main job relies on: a copy in which clear text is found wherever and however it lies. */
describe('a copy of the database', () => {
  let database: TestDatabase;
  let letLogGo: () => Promise<void>;

  beforeAll(async () => {
    database = await createTestDatabase();
    letLogGo = await keepLog(database);
    await database.query('CREATE TABLE public.planted (id serial, t text, v varchar, j jsonb, b bytea)');
  });

  afterAll(async () => {
    await letLogGo();
    await database.drop();
  });

  it.each(PLANTED)('has %s in a bytea', async (_, encode) => {
    const text = secret();
    await database.query('INSERT INTO public.planted (b) VALUES ($1)', [encode(text)]);
    expect(findAll(await tablesOnly(), needlesOf(text))).not.toEqual([]);
  });

  it.each(PLANTED.filter(([, encode]) => isText(encode(SECRET))))('has %s in a text', async (_, encode) => {
    const text = secret();
    await database.query('INSERT INTO public.planted (t) VALUES ($1)', [encode(text).toString()]);
    expect(findAll(await tablesOnly(), needlesOf(text))).not.toEqual([]);
  });

  it.each(['v', 'j'] as const)('has what is in a column %s', async (column) => {
    const text = secret();
    const value = column === 'j' ? JSON.stringify({ deep: [text] }) : text;
    await database.query(`INSERT INTO public.planted (${column}) VALUES ($1)`, [value]);
    const copy = await copyDatabase(database);
    expect(findAll(copy.database, needlesOf(text))).not.toEqual([]);
    expect(findAll(copy.log, needlesOf(text))).not.toEqual([]);
  });

  it('is what pg_dump writes, large objects and the words of the schema included', async () => {
    const texts = [secret(), secret(), secret(), secret()];
    const [row = '', large = '', comment = '', body = ''] = texts;
    await database.query('INSERT INTO public.planted (t) VALUES ($1)', [row]);
    await database.query('SELECT lo_from_bytea(0, $1)', [Buffer.from(large)]);
    const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
    await database.query(`COMMENT ON TABLE public.planted IS ${quoted(comment)}`);
    await database.query(`CREATE FUNCTION public.said() RETURNS text RETURN ${quoted(body)}`);
    const { sql, version } = await pgDump(database);
    expect(version).toMatch(/^18\./);
    for (const text of texts) expect(findAll(sql, needlesOf(text))).not.toEqual([]);
    expect(findAll(sql, needlesOf(secret()))).toEqual([]);
  });

  it('is none where the server lets nobody in', async () => {
    const ownerUrl = database.ownerUrl.replace(/:[^:@]+@/, ':wrong@');
    await expect(pgDump({ ownerUrl })).rejects.toThrow('password authentication failed');
  });

  it('has what was removed', async () => {
    const text = secret();
    await database.query('INSERT INTO public.planted (t) VALUES ($1)', [text]);
    await database.query('DELETE FROM public.planted');
    expect(findAll((await copyDatabase(database)).log, needlesOf(text))).not.toEqual([]);
  });

  it.each([...digestsOf('x').keys()])('has a hash: %s', async (name) => {
    const text = secret();
    const bytes = digestsOf(text).get(name);
    await database.query('INSERT INTO public.planted (b) VALUES ($1)', [bytes]);
    expect(findAll(await tablesOnly(), digestsOf(text))).toContain(name);
  });

  it('has nothing that was never there', async () => {
    const { database: own, log } = await copyDatabase(database);
    expect([own, log].flatMap((bytes) => findAll(bytes, needlesOf(secret())))).toEqual([]);
  });

  const tablesOnly = async (): Promise<Buffer> =>
    Buffer.concat((await cellsOf(database)).map(({ value }) => value));
});
