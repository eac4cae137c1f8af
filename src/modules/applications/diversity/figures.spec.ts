import fc from 'fast-check';
import { figuresOf, type QuestionFigures } from './figures.js';

const sexes = (female: number, male: number, other: number): ReadonlyMap<string, number> =>
  new Map([
    ['sex.female', female],
    ['sex.male', male],
    ['sex.other', other],
  ]);
const ofSex = (figures: readonly QuestionFigures[]): Record<string, number> =>
  Object.fromEntries(
    figures.flatMap(({ question, counts }) =>
      question === 'sex' ? counts.map(({ answer, atLeast }) => [answer, atLeast]) : [],
    ),
  );

describe('what is told of applicants', () => {
  it.each([
    ['nothing of nine', 9, [9, 0, 0], {}],
    ['nothing of a hundred who all answered alike', 100, [100, 0, 0], {}],
    ['tens, rounded down', 79, [39, 29, 0], { female: 30, male: 20 }],
    ['nothing from which a small group could be subtracted', 45, [30, 12, 0], { female: 30 }],
    ['everything where nobody is few', 60, [15, 15, 15], { female: 10, male: 10, other: 10, unanswered: 10 }],
    ['the rest where those withheld are ten together', 60, [50, 4, 6], { female: 50 }],
    ['how many did not answer', 80, [30, 4, 6], { female: 30, unanswered: 40 }],
  ])('%s', (_, applicants, [female = 0, male = 0, other = 0], told) => {
    expect(ofSex(figuresOf(applicants, sexes(female, male, other)))).toEqual(told);
  });

  const counts = fc.array(fc.integer({ min: 0, max: 45 }), { minLength: 4, maxLength: 4 });

  it('is tens of groups of ten or more, and leaves out a group of ten or more that cannot be told apart', () => {
    fc.assert(
      fc.property(counts, ([female = 0, male = 0, other = 0, unanswered = 0]) => {
        const applicants = female + male + other + unanswered;
        const cells: Record<string, number> = { female, male, other, unanswered };
        const told = ofSex(figuresOf(applicants, sexes(female, male, other)));
        for (const [answer, atLeast] of Object.entries(told)) {
          expect([atLeast % 10, atLeast >= 10, (cells[answer] ?? 0) - atLeast < 10]).toEqual([0, true, true]);
          expect(cells[answer]).toBeGreaterThanOrEqual(atLeast);
        }
        const withheld = Object.keys(cells).filter((answer) => !(answer in told));
        const people = withheld.reduce((sum, answer) => sum + (cells[answer] ?? 0), 0);
        expect(
          withheld.length === 0 || (withheld.length > 1 && (people >= 10 || withheld.length === 4)),
        ).toBe(true);
      }),
    );
  });

  it('lets nobody name a withheld count, whoever knows the total, what is told, and how it is decided', () => {
    const named: string[] = [];
    for (let applicants = 1; applicants <= 45; applicants += 1) {
      /** By what is told: which counts there may have been. */
      const possible = new Map<string, Record<string, Set<number>>>();
      for (let yes = 0; yes <= applicants; yes += 1) {
        for (let no = 0; no <= applicants - yes; no += 1) {
          const given = new Map([
            ['disability.yes', yes],
            ['disability.no', no],
          ]);
          const told = figuresOf(applicants, given).find(({ question }) => question === 'disability');
          const key = JSON.stringify(told?.counts);
          const sets = possible.get(key) ?? { yes: new Set(), no: new Set(), unanswered: new Set() };
          possible.set(key, sets);
          for (const [answer, count] of Object.entries({ yes, no, unanswered: applicants - yes - no })) {
            sets[answer]?.add(count);
          }
        }
      }
      for (const [told, sets] of possible) {
        for (const [answer, numbers] of Object.entries(sets)) {
          if (!told.includes(`"${answer}"`) && numbers.size < 2)
            named.push(`${applicants} ${told} ${answer}`);
        }
      }
    }
    expect(named).toEqual([]);
  });
});
