import type { EntityManager } from 'typeorm';
import type { AgencyId } from '../../kernel/ids.js';
import { narrowed, type VacancyFilter } from './posting-search.js';

/** What the open vacancies are counted by. */
export const FACETS = ['department', 'category', 'contract', 'remote'] as const;
export type Facet = (typeof FACETS)[number];

/** How many open vacancies have all of these in common. */
export type PostingGroup = Readonly<Record<Facet, string>> & { readonly count: number };

export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

export interface VacancyCounts extends Readonly<Record<Facet, readonly ValueCount[]>> {
  /** How many a list by the same filter has. */
  readonly total: number;
}

/** Whatever these agencies have that is found by the words, the agency and the day; the facets themselves narrow nothing yet. */
export function groupPostings(
  manager: EntityManager,
  filter: VacancyFilter,
  now: Date,
  agencies: readonly AgencyId[],
): Promise<readonly PostingGroup[]> {
  const open = narrowed(filter, ['agency', 'openOn'], now);
  const values = [...open.values, agencies];
  const where = `${open.where} AND agency_id = ANY($${values.length})`;
  const { q } = filter;
  const sought = `vacancies.sought($${values.length + 1})`;
  const words = q === undefined ? '' : `AND (numnode(${sought}) = 0 OR words @@ ${sought})`;
  const facets = FACETS.join(', ');
  return manager.query(
    `SELECT ${facets}, count(*)::integer AS count FROM vacancies.posting WHERE ${where} ${words} GROUP BY ${facets}`,
    q === undefined ? values : [...values, q],
  );
}

/**
 * For each facet, how many there are of each value if every other filter stays as it is: what somebody would find who
 * chose this value instead. Most first; values of which there are none are left out.
 */
export function countsOf(groups: readonly PostingGroup[], filter: VacancyFilter): VacancyCounts {
  const matching = (but?: Facet) =>
    groups.filter((group) =>
      FACETS.every((facet) => facet === but || filter[facet] === undefined || filter[facet] === group[facet]),
    );
  const counted = (facet: Facet) => tally(matching(facet), facet);
  return {
    total: matching().reduce((sum, { count }) => sum + count, 0),
    department: counted('department'),
    category: counted('category'),
    contract: counted('contract'),
    remote: counted('remote'),
  };
}

function tally(groups: readonly PostingGroup[], facet: Facet): readonly ValueCount[] {
  const counts = new Map<string, number>();
  for (const group of groups) counts.set(group[facet], (counts.get(group[facet]) ?? 0) + group.count);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}
