import type { EntityManager } from 'typeorm';
import type { VacancyId } from '../../kernel/ids.js';

export interface VacancyFilter {
  /** Words, "phrases" and -exclusions; a star behind the last word stands for whatever begins so. */
  readonly q?: string;
  readonly agency?: string;
  readonly department?: string;
  readonly category?: string;
  readonly contract?: string;
  readonly remote?: string;
  /** Still open on this day, `YYYY-MM-DD`. */
  readonly openOn?: string;
}

const CONDITIONS: Readonly<Record<keyof Omit<VacancyFilter, 'q'>, (value: string) => string>> = {
  agency: (value) => `agency_id = ${value}`,
  department: (value) => `department = ${value}`,
  category: (value) => `category = ${value}`,
  contract: (value) => `contract = ${value}`,
  remote: (value) => `remote = ${value}`,
  openOn: (value) => `deadline >= ${value}::timestamp AT TIME ZONE time_zone`,
};
type FilterName = keyof typeof CONDITIONS;
const FILTERS: readonly FilterName[] = ['agency', 'department', 'category', 'contract', 'remote', 'openOn'];

/** Where all the words were found: those of a title come first. */
const TIERS = ['title', 'text'] as const;
type Tier = (typeof TIERS)[number];

/** In the title means in both: what is not to be there is not to be in the text either. */
const IN_TIER: Readonly<Record<Tier, (sought: string) => string>> = {
  title: (sought) => `title_words @@ ${sought} AND words @@ ${sought}`,
  text: (sought) => `(numnode(${sought}) = 0 OR (words @@ ${sought} AND NOT title_words @@ ${sought}))`,
};

export interface Hit {
  readonly tier: Tier;
  readonly id: VacancyId;
  readonly publishedAt: Date;
}

/** As texts, for a cursor. */
export type HitPosition = readonly [tier: string, publishedAt: string, id: string];

export const positionOf = ({ tier, publishedAt, id }: Hit): HitPosition => [
  tier,
  publishedAt.toISOString(),
  id,
];

/** What a cursor has brought back. */
export const positionAt = ([tier = '', publishedAt = '', id = '']: readonly string[]): HitPosition => [
  tier,
  publishedAt,
  id,
];

/**
 * Postings that are open, those with all words in their title first, each tier newest first. Words that say nothing,
 * as "de la", are as if nothing had been asked for.
 * @param after the last one that is known already
 * @param most how many are wanted
 */
export async function searchPostings(
  manager: EntityManager,
  filter: VacancyFilter,
  now: Date,
  most: number,
  after?: HitPosition,
): Promise<readonly Hit[]> {
  const tiers = filter.q === undefined ? (['text'] as const) : TIERS;
  const first = tiers.findIndex((tier) => tier === after?.[0]);
  const hits: Hit[] = [];
  for (const tier of tiers.slice(Math.max(first, 0))) {
    if (hits.length === most) break;
    const open = narrowed(filter, FILTERS, now, tier === after?.[0] ? after : undefined);
    const found = await searchTier(manager, tier, filter.q, open, most - hits.length);
    hits.push(...found.map((row) => ({ tier, ...row })));
  }
  return hits;
}

interface Narrowed {
  readonly where: string;
  readonly values: readonly unknown[];
}
type Row = Omit<Hit, 'tier'>;

/** So many of the newest are looked at one by one before an index is asked which of all have the words. */
const LOOKED_AT = 1_000;
const COLUMNS = 'vacancy_id AS id, published_at AS "publishedAt"';
const NEWEST_FIRST = 'ORDER BY published_at DESC, vacancy_id DESC';
/** The same in a form that no index has, so that PostgreSQL does not read them all in that order to find a few. */
const SORTED = "ORDER BY published_at + interval '0 s' DESC, vacancy_id DESC";

async function searchTier(
  manager: EntityManager,
  tier: Tier,
  q: string | undefined,
  { where, values }: Narrowed,
  most: number,
): Promise<readonly Row[]> {
  const ask = (from: string, condition: string, order: string): Promise<readonly Row[]> =>
    manager.query<Row[]>(
      `SELECT ${COLUMNS} FROM ${from} WHERE ${condition} ${order} LIMIT ${most}`,
      q === undefined ? [...values] : [...values, q],
    );
  if (q === undefined) return ask('vacancies.posting', where, NEWEST_FIRST);
  const words = IN_TIER[tier](`vacancies.sought($${values.length + 1})`);
  const newest = `(SELECT * FROM vacancies.posting WHERE ${where} ${NEWEST_FIRST} LIMIT ${LOOKED_AT}) AS newest`;
  const common = await ask(newest, words, NEWEST_FIRST);
  return common.length === most ? common : ask('vacancies.posting', `${where} AND ${words}`, SORTED);
}

/** Which postings are open and pass these filters. */
export function narrowed(
  filter: VacancyFilter,
  by: readonly FilterName[],
  now: Date,
  after?: HitPosition,
): Narrowed {
  const given = by.flatMap((name) => (filter[name] === undefined ? [] : [[name, filter[name]] as const]));
  const conditions = given.map(([name], at) => CONDITIONS[name](`$${at + 2}`));
  const values = [now, ...given.map(([, value]) => value)];
  if (after === undefined) return { where: ['deadline > $1', ...conditions].join(' AND '), values };
  const beyond = `(published_at, vacancy_id) < ($${values.length + 1}, $${values.length + 2})`;
  return {
    where: ['deadline > $1', ...conditions, beyond].join(' AND '),
    values: [...values, after[1], after[2]],
  };
}
