import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Benchmark, Goal, Measurement } from '../../../bench/harness/benchmark.ts';
import { main, runBenchmark, type Surroundings } from '../../../bench/harness/runner.ts';
import { inTemporaryFolder } from '../../../bench/harness/temporary-folder.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const RATIO_AT_MOST_2: Goal = { of: 'ratio', bound: 'at most', limit: 2 };

function measurement(value: number): Measurement {
  return { name: 'parse', value, unit: 'ms', baseline: 10, goal: RATIO_AT_MOST_2 };
}

function fake(...measurements: readonly Measurement[]): Benchmark {
  return { measures: 'nothing real', run: () => Promise.resolve(measurements) };
}

describe('the runner', () => {
  let folder: string;
  let printed: string[];
  let complaints: string[];
  let controller: AbortController;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sceau-bench-spec-'));
    [printed, complaints, controller] = [[], [], new AbortController()];
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const surroundings = (): Surroundings => ({
    folder,
    results: join(folder, 'results'),
    signal: controller.signal,
    now: () => new Date(0),
    print: (line) => printed.push(line),
    complain: (line) => complaints.push(line),
    progress: () => undefined,
  });

  /** A benchmark as a file, in plain JavaScript, which is TypeScript too. */
  const place = (name: string, run: string): Promise<void> =>
    writeFile(
      join(folder, `${name}.ts`),
      `export const benchmark = { measures: 'what ${name} takes', ${run} };\n`,
    );

  it('exits with 0 and writes the record when every goal holds', async () => {
    expect(await runBenchmark('fake', fake(measurement(12.34567)), false, surroundings())).toBe(0);
    expect(JSON.parse(await readFile(join(folder, 'results/fake.json'), 'utf8'))).toEqual({
      name: 'fake',
      at: '1970-01-01T00:00:00.000Z',
      node: process.version,
      checks: [
        {
          name: 'parse',
          value: 12.35,
          unit: 'ms',
          baseline: 10,
          ratio: 1.235,
          goal: RATIO_AT_MOST_2,
          holds: true,
        },
      ],
    });
    expect(printed).toHaveLength(2);
    expect(complaints).toEqual([]);
  });

  it('exits with 1 when one goal does not hold, and keeps the record', async () => {
    const late = { ...measurement(21), name: 'late' };
    expect(await runBenchmark('fake', fake(measurement(1), late), false, surroundings())).toBe(1);
    expect(complaints).toEqual(['The goal of "late" does not hold.']);
    expect(existsSync(join(folder, 'results/fake.json'))).toBe(true);
  });

  it('does not take nothing for a success', async () => {
    await expect(runBenchmark('fake', fake(), false, surroundings())).rejects.toThrow('measured nothing');
  });

  it('finds a benchmark by the name of its file and tells it to be quick', async () => {
    const goal = JSON.stringify(RATIO_AT_MOST_2);
    await place(
      'sealing',
      `run: ({ quick }) => Promise.resolve([{ name: 'x', value: quick ? 1 : 9, unit: 'ms', baseline: 1, goal: ${goal} }])`,
    );
    expect(await main(['sealing', '--quick'], surroundings())).toBe(0);
    expect(await main(['sealing'], surroundings())).toBe(1);
  });

  it.each([[], ['unknown'], ['../run'], ['ledger', 'boot'], ['ledger', '--fast']].map((args) => ({ args })))(
    'exits with 2 and lists what there is for $args',
    async ({ args }) => {
      await place('ledger', 'run: () => Promise.resolve([])');
      await writeFile(join(folder, 'run.ts'), 'throw new Error("not a benchmark");\n');
      expect(await main(args, surroundings())).toBe(2);
      expect(complaints.join('\n')).toContain('Usage: npm run bench -- NAME [--quick]');
      expect(complaints.at(-1)).toBe('  ledger  what ledger takes');
      expect(existsSync(join(folder, 'results'))).toBe(false);
    },
  );

  it('exits with 1 and one sentence when a benchmark fails', async () => {
    await place('broken', "run: () => Promise.reject(new Error('The database is gone.'))");
    expect(await main(['broken'], surroundings())).toBe(1);
    expect(complaints).toEqual(['The database is gone.']);
  });

  it('waits until an interrupted benchmark has cleaned up, and exits with 130', async () => {
    await place(
      'long',
      `async run({ signal, progress }) {
        const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
        progress('begun');
        await aborted;
        await new Promise((resolve) => setImmediate(resolve));
        progress('cleaned up');
        throw new Error('interrupted');
      }`,
    );
    const shown: string[] = [];
    const progress = (text: string): void => {
      shown.push(text);
      controller.abort();
    };
    expect(await main(['long'], { ...surroundings(), progress })).toBe(130);
    expect([shown, complaints]).toEqual([['begun', 'cleaned up', ''], []]);
  });

  it('knows the benchmarks of this repository', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'bench/run.ts'), 'nonsense'], {
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toContain('There is no benchmark "nonsense".');
    expect(stderr).toMatch(/^ {2}boot +`npm start`/m);
  });
});

it('removes the temporary folder of a benchmark that fails, and the data that a home keeps elsewhere', async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'sceau-bench-spec-'));
  let folder = '';
  const work = inTemporaryFolder(async (path) => {
    folder = path;
    await mkdir(join(path, 'home'));
    await writeFile(join(path, 'home', 'postgres-location'), `${elsewhere}\n`);
    throw new Error('failed');
  });
  await expect(work).rejects.toThrow('failed');
  expect([existsSync(folder), existsSync(elsewhere)]).toEqual([false, false]);
});
