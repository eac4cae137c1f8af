import type { ExposedSubject } from '../../../ledger/index.js';
import { partsOf } from './parts.js';

/** Of how many people something was given. */
export interface FieldCount {
  readonly field: string;
  readonly subjects: number;
}

/** What was given away of some people, in numbers. */
export interface Figures {
  readonly subjects: number;
  /** People's records: of each person as many as there were accesses to theirs. */
  readonly records: number;
  readonly first: Date | null;
  readonly last: Date | null;
  /** Of how many all that is held was given, whichever fields are named besides. */
  readonly everything: number;
  /** By field, of how many it was given by name; most first. */
  readonly fields: readonly FieldCount[];
  /** By kind of data, of how many it was given: by itself, within a section, or with all that is held; most first. */
  readonly parts: readonly FieldCount[];
}

export function figuresOf(exposed: readonly Omit<ExposedSubject, 'subject'>[]): Figures {
  let [first, last]: [Date | null, Date | null] = [null, null];
  let [everything, records] = [0, 0];
  for (const one of exposed) {
    records += one.entries;
    if (one.fields.length === 0) everything += 1;
    if (first === null || one.first < first) first = one.first;
    if (last === null || one.last > last) last = one.last;
  }
  return {
    subjects: exposed.length,
    records,
    first,
    last,
    everything,
    fields: counted(exposed.map(({ named }) => named)),
    parts: counted(exposed.map(partsOf)),
  };
}

function counted(given: readonly Iterable<string>[]): readonly FieldCount[] {
  const counts = new Map<string, number>();
  for (const names of given) for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Array.from(counts, ([field, subjects]) => ({ field, subjects })).toSorted(
    (a, b) => b.subjects - a.subjects || (a.field < b.field ? -1 : 1),
  );
}
