import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as AgenciesRoom from '../../src/modules/agencies/index.js';
import type * as VacanciesRoom from '../../src/modules/vacancies/index.js';
import type { Measurement, RunOptions } from '../harness/benchmark.ts';
import { median, timed } from '../harness/rounds.ts';
import { newId } from '../ledger/rooms.ts';
import type { Installation } from '../sealing/installation.ts';
import { fill } from './postings.ts';

const DIST = join(import.meta.dirname, '..', '..', 'dist', 'modules');
const SMALL = 1_000;
const PAGE = 25;
/** Milliseconds for a page of whatever is sought, and for counting all that was found. */
const LIMITS = { page: 50, counts: 250 } as const;

type Vacancies = VacanciesRoom.PublicVacancies;
type Filter = Parameters<Vacancies['list']>[0];

const SEARCHES: Readonly<Record<string, Filter>> = {
  'all, newest first': {},
  'a department and a category': { department: '29', category: 'B' },
  'a word that every one has': { q: 'équipe' },
  'a word of every tenth': { q: 'archives' },
  'a word of every thousandth': { q: 'fauconnière' },
  'the beginning of a word': { q: 'faucon*' },
  'a word that none has': { q: 'ornithologue' },
  'two words and a department': { q: 'infirmier archives', department: '59' },
};
const COUNTED: Readonly<Record<string, Filter>> = {
  all: {},
  'a word that every one has': { q: 'équipe' },
  'a word of every tenth': { q: 'archives' },
};

/** How long somebody waits for a page and for the counts beside it, in a large installation and a small one, in turn. */
export async function measureSearches(
  small: Installation,
  large: Installation,
  { quick, signal, progress }: RunOptions,
): Promise<readonly Measurement[]> {
  const size = quick ? 10_000 : 70_000;
  const rounds = quick ? 5 : 25;
  const usual = await filled(small, SMALL, signal);
  progress(`filling up to ${size} vacancies`);
  const many = await filled(large, size, signal);
  const measurements: Measurement[] = [];
  const measure = async (name: string, limit: number, ask: (vacancies: Vacancies) => Promise<unknown>) => {
    const [values, baselines]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      signal.throwIfAborted();
      progress(`${name}: round ${round + 1} of ${rounds}`);
      baselines.push(await timed(() => ask(usual)));
      values.push(await timed(() => ask(many)));
    }
    measurements.push({
      name: `${name}: ${size.toLocaleString('en')} / ${SMALL.toLocaleString('en')} vacancies`,
      value: median(values),
      unit: 'ms',
      baseline: median(baselines),
      goal: { of: 'value', bound: 'at most', limit },
    });
  };
  for (const [name, filter] of Object.entries(SEARCHES))
    await measure(`page of ${name}`, LIMITS.page, (vacancies) => vacancies.list(filter, { limit: PAGE }));
  const deep = new Map([
    [usual, await cursorAt(usual, SMALL / 2)],
    [many, await cursorAt(many, size / 2)],
  ]);
  await measure('page in the middle of all', LIMITS.page, (vacancies) =>
    vacancies.list({}, { limit: PAGE, cursor: deep.get(vacancies) ?? '' }),
  );
  for (const [name, filter] of Object.entries(COUNTED))
    await measure(`counts of ${name}`, LIMITS.counts, (vacancies) => vacancies.counts(filter));
  return measurements;
}

async function filled(
  { rooms, ownerUrl }: Installation,
  count: number,
  signal: AbortSignal,
): Promise<Vacancies> {
  const { Agencies } = await load<typeof AgenciesRoom>('agencies/index.js');
  const { PublicVacancies } = await load<typeof VacanciesRoom>('vacancies/index.js');
  const context = {
    requestId: newId<'request'>(0),
    actor: { kind: 'system', name: 'bench' },
    locale: 'fr',
    address: '127.0.0.1',
  } as const;
  const { id } = await rooms.get(Agencies, { strict: false }).create(context, { name: 'Ville de Brest' });
  await fill(ownerUrl, id, count, signal);
  return rooms.get(PublicVacancies, { strict: false });
}

/** The cursor behind so many, as whoever has read all of them has it. */
async function cursorAt(vacancies: Vacancies, depth: number): Promise<string> {
  let cursor: string | undefined;
  for (let read = 0; read < depth; read += 100) {
    const page = await vacancies.list({}, { limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    cursor = page.nextCursor ?? undefined;
  }
  if (cursor === undefined) throw new Error('There are fewer.');
  return cursor;
}

async function load<Module>(path: string): Promise<Module> {
  const module: Module = await import(pathToFileURL(join(DIST, path)).href);
  return module;
}
