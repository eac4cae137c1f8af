import { glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SmallLog } from '../audit/sinks/checkpoints.js';
import { verifyAlone } from './oracles.js';
import { PreparedLedger } from './prepared-ledger.js';

type Line = Readonly<Record<string, unknown>>;

const TOOLS = join(import.meta.dirname, '../../../tools');
/** An entry in the middle. */
const VICTIM = 20;

const without =
  (...names: readonly string[]) =>
  (line: Line): Line =>
    Object.fromEntries(Object.entries(line).filter(([name]) => !names.includes(name)));

/** The line with other bytes of its entry. */
const saying =
  (change: (entry: Line) => Line) =>
  (line: Line): Line => {
    const entry: Line = JSON.parse(Buffer.from(String(line['entry']), 'base64').toString());
    return { ...line, entry: Buffer.from(JSON.stringify(change(entry))).toString('base64') };
  };

/** The line with its first subject shown as another. */
const withSubject =
  (change: Line) =>
  (line: Line): Line => {
    const [first, ...others] = Array.isArray(line['subjects']) ? line['subjects'] : [];
    return { ...line, subjects: [{ ...first, ...change }, ...others] };
  };

/** What somebody can make of an export who wants something not to be seen. */
const CHANGES: readonly (readonly [string, (line: Line) => Line])[] = [
  ['keeps its contents to itself', (line) => ({ index: line['index'], hash: line['hash'], withheld: true })],
  ['lacks its signature', without('signature')],
  ['lacks its writer and number', without('writer', 'n')],
  ['lacks its subjects', without('subjects')],
  ['does not say how it is listed', without('listed')],
  ['has no list of subjects', (line) => ({ ...line, subjects: 'nobody' })],
  ['has a subject without record and hash', (line) => ({ ...line, subjects: [{}] })],
  ['has a hash that is none', (line) => ({ ...line, hash: 7 })],
  ['has bytes that are no text', (line) => ({ ...line, entry: 'AAECAw==' })],
  ['shows somebody else', (line) => ({ ...line, event: { ...Object(line['event']), agency: 'nobody' } })],
  [
    'shows more than it has',
    (line) => ({ ...line, event: { ...Object(line['event']), note: 'It was he.' } }),
  ],
  ['does not show what it says', without('event')],
  ['shows another subject', withSubject({ subject: 'nobody' })],
  ['shows other fields', withSubject({ fields: [] })],
  ['does not say what its subject is found by', withSubject({ listed: undefined })],
  ['is about nothing', saying((entry) => ({ ...entry, resource: null }))],
  ['has no count', saying(without('count'))],
  ['introduces nobody', saying((entry) => ({ ...entry, introduces: {} }))],
  [
    'introduces a key that is none',
    saying((entry) => ({ ...entry, introduces: { writer: 'w', stream: 'reads', key: 'AA' } })),
  ],
  ['opens an epoch after nothing', saying((entry) => ({ ...entry, action: 'ledger.epoch_opened' }))],
];

describe('an export that somebody has had in hand', () => {
  let ledger: PreparedLedger;
  let lines: readonly string[];

  beforeAll(async () => {
    ledger = await PreparedLedger.make();
    const text = await readFile(await ledger.export(ledger.now), 'utf8');
    lines = text.trimEnd().split('\n');
  }, 60_000);
  afterAll(() => ledger.remove());

  const verdictOn = async (text: string, ...args: readonly string[]) => {
    const file = join(ledger.home, 'changed.ndjson');
    await writeFile(file, text);
    return verifyAlone(file, '--key', ledger.verifierFile, ...args);
  };

  it('is judged by a program that shares nothing with the one that wrote it', async () => {
    const imports: string[] = [];
    for await (const file of glob('verify-ledger{.mjs,/*.mjs}', { cwd: TOOLS })) {
      const text = await readFile(join(TOOLS, file), 'utf8');
      imports.push(
        ...[...text.matchAll(/\bfrom '([^']+)'|\bimport\(?\s*'([^']+)'/g)].map(([, a, b]) => a ?? b ?? ''),
      );
    }
    expect(imports.length).toBeGreaterThan(20);
    expect(
      imports.filter((name) => !/^(?:node:[\w/]+|\.\/(?:verify-ledger\/)?[\w-]+\.mjs)$/.test(name)),
    ).toEqual([]);
  });

  it.each(CHANGES)('is not in order when an entry %s', async (_, change) => {
    const changed = lines.map((line) => {
      const value: Line = JSON.parse(line);
      return value['index'] === VICTIM ? JSON.stringify(change(value)) : line;
    });
    expect(await verdictOn(`${changed.join('\n')}\n`)).toMatchObject({
      code: 1,
      output: expect.stringContaining(`the first bad entry is ${VICTIM}.\n`),
    });
  });

  it('is said to be bad from where it first is, however much is found before that is', async () => {
    const changed = lines.flatMap((line) => {
      const value: Line = JSON.parse(line);
      if (value['index'] === VICTIM) return JSON.stringify({ index: VICTIM, hash: value['hash'] });
      return value['index'] === VICTIM + 9 ? Array.from({ length: 2_000 }, () => line) : line;
    });
    expect(await verdictOn(`${changed.join('\n')}\n`)).toMatchObject({
      code: 1,
      output: expect.stringContaining(`the first bad entry is ${VICTIM}.\n`),
    });
  });

  it('is not said to be in order beside a kept checkpoint that no key opens', async () => {
    const kept = join(ledger.home, 'others');
    await mkdir(kept);
    await writeFile(join(kept, 'notes.txt'), 'Kept by Camille.\n');
    const text = `${lines.join('\n')}\n`;
    expect(await verdictOn(text, '--kept', kept)).toMatchObject({
      code: 0,
      output: expect.stringContaining('notes.txt is no checkpoint'),
    });
    await expect(ledger.verify(ledger.now, kept)).resolves.toMatchObject({ code: 0 });
    await writeFile(join(kept, 'older.tsr'), 'A time stamp.');
    expect((await verdictOn(text, '--kept', kept)).output).not.toContain('older.tsr');
    expect((await ledger.verify(ledger.now, kept)).output).not.toContain('older.tsr');
    await writeFile(join(kept, 'older.note'), new SmallLog().publication(3).checkpoint.note);
    expect(await verdictOn(text, '--kept', kept)).toMatchObject({
      code: 2,
      output: expect.stringContaining('No key opens older.note'),
    });
    await expect(ledger.verify(ledger.now, kept)).rejects.toThrow('No key opens older.note');
  });
});
