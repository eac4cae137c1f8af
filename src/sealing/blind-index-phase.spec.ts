import { INDEX_PHASES, type IndexPhase, type IndexState, useOf } from './blind-index-phase.js';

interface Row {
  readonly first: number;
  readonly second: number | null;
}

const stateOf = (phase: IndexPhase): IndexState => ({
  phase,
  version: 1,
  next: phase === 'steady' ? null : 2,
});

/** What the rotation makes of a row while a phase lasts. */
function brought(phase: IndexPhase, { first, second }: Row): Row {
  switch (phase) {
    case 'steady':
      return { first, second };
    case 'filling':
      return { first, second: 2 };
    case 'switching':
      return { first: second ?? first, second };
    case 'clearing':
      return { first, second: null };
  }
}

describe('the phases of a blind index', () => {
  const rotation = [...INDEX_PHASES.map(stateOf), { phase: 'steady', version: 2, next: null } as const];

  it.each(rotation.map((state, begin) => [state.phase, begin] as const))(
    'find a row that was written in %s (step %i) ever after, come to or not',
    (_, begin) => {
      let row: Row | undefined;
      for (const state of rotation.slice(begin)) {
        const use = useOf(state);
        row ??= { first: use.first, second: use.second };
        for (const seen of [row, brought(state.phase, row)]) {
          expect(use.find.column === 'first' ? seen.first : seen.second).toBe(use.find.version);
        }
        // A phase ends only once the rotation has come to every row.
        row = brought(state.phase, row);
      }
      expect(row).toEqual({ first: 2, second: null });
    },
  );

  it.each(INDEX_PHASES)('never let a value stand twice in %s', (phase) => {
    const { first, second } = useOf(stateOf(phase));
    const earlier = rotation.slice(0, INDEX_PHASES.indexOf(phase)).map((state) => useOf(state));
    const last = earlier.at(-1);
    const rows: Row[] = last === undefined ? [] : [{ first: last.first, second: last.second }];
    // The row of the phase before, come to by that phase and perhaps by this one.
    const before = INDEX_PHASES[INDEX_PHASES.indexOf(phase) - 1];
    for (const row of rows) {
      const complete = before === undefined ? row : brought(before, row);
      for (const seen of [complete, brought(phase, complete)]) {
        expect(seen.first === first || (second !== null && seen.second === second)).toBe(true);
      }
    }
    expect(first).toBeGreaterThan(0);
  });
});
