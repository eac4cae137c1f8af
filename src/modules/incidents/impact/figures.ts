import type { ExposedSubject } from '../../../ledger/index.js';

/** What was given away of some people, in numbers. */
export interface Figures {
  readonly subjects: number;
  readonly first: Date | null;
  readonly last: Date | null;
  /** Of how many all that is held was given, whichever fields are named besides. */
  readonly everything: number;
  /** By field, of how many it was given by name; most first. */
  readonly fields: readonly { readonly field: string; readonly subjects: number }[];
}

export function figuresOf(exposed: readonly Omit<ExposedSubject, 'subject'>[]): Figures {
  const counts = new Map<string, number>();
  let [first, last]: [Date | null, Date | null] = [null, null];
  let everything = 0;
  for (const one of exposed) {
    for (const field of one.named) counts.set(field, (counts.get(field) ?? 0) + 1);
    if (one.fields.length === 0) everything += 1;
    if (first === null || one.first < first) first = one.first;
    if (last === null || one.last > last) last = one.last;
  }
  const fields = [...counts].map(([field, subjects]) => ({ field, subjects }));
  return {
    subjects: exposed.length,
    first,
    last,
    everything,
    fields: fields.toSorted((a, b) => b.subjects - a.subjects || (a.field < b.field ? -1 : 1)),
  };
}
