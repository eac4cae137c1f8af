import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Benchmark } from './benchmark.ts';
import { judge, recordText, tableOf } from './report.ts';

const ENTRY = 'run.ts';

const EXIT = { ok: 0, goalMissed: 1, usage: 2, interrupted: 130 } as const;

export interface Surroundings {
  /** Each `NAME.ts` directly in it is a benchmark, `run.ts` excepted. */
  readonly folder: string;
  /** Where `NAME.json` is written; made when missing. */
  readonly results: string;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly print: (line: string) => void;
  readonly complain: (line: string) => void;
  /** An empty text removes the line. */
  readonly progress: (text: string) => void;
}

/** Runs one benchmark by its name. @returns the exit code; 1 also when it could not be run */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const names = await namesIn(surroundings.folder);
  const wish = wishOf(args);
  if (wish === undefined || !names.includes(wish.name)) {
    if (wish !== undefined) surroundings.complain(`There is no benchmark "${wish.name}".`);
    for (const line of await usage(names, surroundings.folder)) surroundings.complain(line);
    return EXIT.usage;
  }
  try {
    const benchmark = await load(wish.name, surroundings.folder);
    return await runBenchmark(wish.name, benchmark, wish.quick, surroundings);
  } catch (error) {
    surroundings.progress('');
    if (surroundings.signal.aborted) return EXIT.interrupted;
    surroundings.complain(error instanceof Error ? error.message : String(error));
    return EXIT.goalMissed;
  }
}

/** Measures, judges, prints the table and writes the record. @returns the exit code */
export async function runBenchmark(
  name: string,
  benchmark: Benchmark,
  quick: boolean,
  { results, signal, now, print, complain, progress }: Omit<Surroundings, 'folder'>,
): Promise<number> {
  signal.throwIfAborted();
  const measurements = await benchmark.run({ quick, signal, progress });
  signal.throwIfAborted();
  progress('');
  if (measurements.length === 0) throw new Error(`The benchmark "${name}" has measured nothing.`);
  const checks = measurements.map(judge);
  for (const line of tableOf(checks)) print(line);
  await mkdir(results, { recursive: true });
  await writeFile(join(results, `${name}.json`), recordText(name, checks, now(), process.version));
  const missed = checks.filter(({ holds }) => !holds);
  for (const check of missed) complain(`The goal of "${check.name}" does not hold.`);
  return missed.length === 0 ? EXIT.ok : EXIT.goalMissed;
}

/** @returns undefined when the arguments are not `NAME [--quick]` */
function wishOf(args: readonly string[]): { name: string; quick: boolean } | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { quick: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const [name, ...others] = positionals;
    return name === undefined || others.length > 0 ? undefined : { name, quick: values.quick };
  } catch {
    return undefined;
  }
}

async function usage(names: readonly string[], folder: string): Promise<string[]> {
  const width = Math.max(0, ...names.map(({ length }) => length));
  const rows = names.map(async (name) => `  ${name.padEnd(width)}  ${(await load(name, folder)).measures}`);
  return ['Usage: npm run bench -- NAME [--quick]', '', ...(await Promise.all(rows))];
}

async function namesIn(folder: string): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith('.ts') && file !== ENTRY)
    .map((file) => basename(file, '.ts'))
    .toSorted();
}

async function load(name: string, folder: string): Promise<Benchmark> {
  const module: { benchmark?: Benchmark } = await import(pathToFileURL(join(folder, `${name}.ts`)).href);
  if (module.benchmark === undefined) throw new Error(`bench/${name}.ts exports no "benchmark".`);
  return module.benchmark;
}
