import type { ExposedSubject } from '../../../ledger/index.js';
import type { Told } from '../persistence/places.js';

type Exposure = Pick<ExposedSubject, 'fields' | 'entries' | 'first' | 'last'>;

/**
 * What somebody is to be told who was told something before.
 * @returns everything of both, or `undefined` where nothing was exposed that they do not know of
 */
export function growthOf(told: Told, exposure: Exposure): Told | undefined {
  const [first, last] = [exposure.first.toISOString(), exposure.last.toISOString()];
  const isKnown =
    covers(told.fields, exposure.fields) &&
    exposure.entries <= told.entries &&
    first >= told.first &&
    last <= told.last;
  if (isKnown) return undefined;
  return {
    fields: bothOf(told.fields, exposure.fields),
    // Months of the ledger may have been dropped since, and their accesses with them.
    entries: Math.max(told.entries, exposure.entries),
    first: first < told.first ? first : told.first,
    last: last > told.last ? last : told.last,
  };
}

/** What somebody is told for the first time. */
export const toldOf = ({ fields, entries, first, last }: Exposure): Told => ({
  fields,
  entries,
  first: first.toISOString(),
  last: last.toISOString(),
});

/** No field at all stands for everything. */
const covers = (known: readonly string[], fields: readonly string[]): boolean =>
  known.length === 0 || (fields.length > 0 && fields.every((field) => known.includes(field)));

const bothOf = (one: readonly string[], other: readonly string[]): readonly string[] =>
  one.length === 0 || other.length === 0 ? [] : [...new Set([...one, ...other])].toSorted();
