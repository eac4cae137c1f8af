/**
 * How far the rotation of a blind index has come. `steady`: one key. `filling`: the second column fills with what the
 * next key gives. `switching`: it is complete and found by, and is copied into the first. `clearing`: the first is
 * complete and found by, and the second empties.
 */
export const INDEX_PHASES = ['steady', 'filling', 'switching', 'clearing'] as const;
export type IndexPhase = (typeof INDEX_PHASES)[number];

export interface IndexState {
  readonly phase: IndexPhase;
  /** The key that is being left, or the only one. */
  readonly version: number;
  /** The key that is being gone over to; `null` in `steady`. */
  readonly next: number | null;
}

/** What rows are found by in a phase and what a row written in it carries, by key version. */
export interface IndexUse {
  readonly find: { readonly column: 'first' | 'second'; readonly version: number };
  readonly first: number;
  readonly second: number | null;
}

/**
 * In each phase a row is found whether it was written in this phase or in the one before, and whether the rotation
 * has come to it already; two rows of one value are never both possible, as each column holds every value once.
 */
export function useOf({ phase, version, next }: IndexState): IndexUse {
  if (next === null) return { find: { column: 'first', version }, first: version, second: null };
  switch (phase) {
    case 'steady':
    case 'filling':
      return { find: { column: 'first', version }, first: version, second: next };
    case 'switching':
      return { find: { column: 'second', version: next }, first: next, second: next };
    case 'clearing':
      return { find: { column: 'first', version: next }, first: next, second: null };
  }
}
