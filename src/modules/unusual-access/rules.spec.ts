import fc from 'fast-check';
import { testSettings } from '../../../test/support/settings.js';
import { explainUnusual } from './explanations.js';
import { type Behaviour, longestRun, RULES, silenceAfter, unusual } from './rules.js';

const NO_DATABASE = { appUrl: '', auditorUrl: '', sequencerUrl: '' };
const { unusualAccess: thresholds } = testSettings(NO_DATABASE, '/nowhere', 0);
const look = (behaviour: Behaviour) => unusual(behaviour, thresholds);
const rulesOf = (behaviour: Behaviour) => look(behaviour).map(({ rule }) => rule);

const HOUR_MS = 3_600_000;
/** A Wednesday, eleven in France. */
const NOW = new Date('2026-11-25T10:00:00Z');
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * HOUR_MS);

interface Shown {
  readonly moment: Date;
  readonly candidates: number;
}

/** What was shown, in spans back from a moment. */
function reading(shown: readonly Shown[], at = NOW): Pick<Behaviour, 'at' | 'hours' | 'days' | 'weeks'> {
  const by = (hours: number) => {
    const spans = new Map<number, number>();
    for (const { moment, candidates } of shown) {
      const ago = Math.floor((at.getTime() - moment.getTime()) / (hours * HOUR_MS));
      if (ago >= 0) spans.set(ago, (spans.get(ago) ?? 0) + candidates);
    }
    return Array.from(spans, ([ago, candidates]) => ({ ago, candidates }));
  };
  return { at, hours: by(1), days: by(24), weeks: by(168) };
}

/** So many candidates in each of three hours until eleven, on so many working days before today. */
const working = (each: number, days = 20): readonly Shown[] =>
  Array.from({ length: 28 }, (_, day) => day + 1)
    .filter((day) => ![0, 6].includes(hoursAgo(24 * day).getUTCDay()))
    .slice(0, days)
    .flatMap((day) => [2, 1, 0].map((before) => ({ moment: hoursAgo(24 * day + before), candidates: each })));
const HISTORY = working(10);

const QUIET: Behaviour = {
  ...reading(HISTORY),
  misses: 0,
  refusals: 0,
  pagesListed: 0,
  read: [],
  readers: 1,
};
const shows = (shown: readonly Shown[], at = NOW): Behaviour => ({ ...QUIET, ...reading(shown, at) });
const now = (candidates: number, at = NOW) => reading([...HISTORY, { moment: at, candidates }], at);
const ids = (count: number) => Array.from({ length: count }, (_, at) => String(at).padStart(4, '0'));

describe('what is unusual of a client', () => {
  it.each([
    ['more than its highest hour', now(25), now(24), 'rate'],
    ['a candidate of eight clients', { readers: 8 }, { readers: 7 }, 'readers'],
    ['twenty ids that are not its agency’s', { misses: 20 }, { misses: 19 }, 'misses'],
    ['thirty refusals', { refusals: 30 }, { refusals: 29 }, 'refusals'],
    ['many pages', { pagesListed: 120 }, { pagesListed: 119 }, 'pages'],
    ['forty-five in order', { read: ids(45) }, { read: ids(44) }, 'order'],
    [
      'forty-five in order, backwards',
      { read: ids(45).toReversed() },
      { read: ids(44).toReversed() },
      'order',
    ],
    ['eight at night', now(8, hoursAgo(10)), now(7, hoursAgo(10)), 'hours'],
    ['eight on a Sunday', now(8, hoursAgo(-96)), now(8, hoursAgo(-120)), 'hours'],
  ])('is %s, and a little less is not', (_, much, less, rule) => {
    expect(rulesOf({ ...QUIET, ...much })).toEqual([rule]);
    expect(rulesOf({ ...QUIET, ...less })).toEqual([]);
  });

  it.each([
    ['of little, three times its highest but twenty', 2, 20, 20],
    ['of more, three times its highest', 8, 20, 24],
    ['of more, twenty-five', 10, 20, 25],
    ['of much, two and a half times its highest', 20, 20, 50],
    ['on ten days, as of one that is known well', 2, 10, 20],
    ['on nine days, twenty-five', 2, 9, 25],
    ['on six days, what a newcomer does not do', 2, 6, 40],
  ])('is within an hour, of a client that reads: %s', (_, each, days, limit) => {
    const today = (candidates: number) => shows([...working(each, days), { moment: NOW, candidates }]);
    expect(rulesOf(today(limit - 1))).not.toContain('rate');
    expect(look(today(limit))).toContainEqual({ rule: 'rate', count: limit });
  });

  it.each([
    ['of little, three times its highest but forty', 2, 20, 40],
    ['of more, three times its highest', 6, 20, 54],
    ['of more, eighty', 10, 20, 80],
    ['of much, two and a half times its highest', 20, 20, 150],
    ['on ten days, as of one that is known well', 2, 10, 40],
    ['on nine days, eighty', 2, 9, 80],
    ['on five days, eighty', 2, 5, 80],
    ['on four days, nothing', 2, 4, Number.POSITIVE_INFINITY],
  ])('is within a day however it is spread, of a client that reads: %s', (_, each, days, limit) => {
    const today = (candidates: number) =>
      shows([
        ...working(each, days),
        { moment: hoursAgo(23), candidates: Math.floor(candidates / 2) },
        { moment: hoursAgo(1), candidates: Math.ceil(candidates / 2) },
      ]);
    const some = Math.min(limit, 1_000);
    expect(rulesOf(today(some - 1))).not.toContain('day');
    expect(look(today(some)).filter(({ rule }) => rule === 'day')).toEqual(
      some === limit ? [{ rule: 'day', count: limit }] : [],
    );
  });

  it.each([
    ['little, seventy', [20, 20, 20], 20, 70],
    ['more, twice that', [50, 50, 50], 20, 100],
    ['more in one week, twice the one in the middle', [300, 40, 45], 20, 90],
    ['nothing in one week, twice the less of two', [40, 0, 50], 20, 80],
    ['in one week only, seventy', [100, 0, 0], 20, 70],
    ['on few days, nothing', [20, 20, 20], 9, Number.POSITIVE_INFINITY],
  ])(
    'is within seven days however slowly, of a client that read before: %s',
    (_, weeks, knownDays, limit) => {
      const some = Math.min(limit, 1_000);
      const behaviour = (candidates: number): Behaviour => ({
        ...QUIET,
        hours: [],
        days: Array.from({ length: knownDays }, (__, day) => ({ ago: 7 + day, candidates: 6 })),
        weeks: [candidates, ...weeks, 5_000]
          .map((each, ago) => ({ ago, candidates: each }))
          .filter((week) => week.candidates > 0),
      });
      expect(rulesOf(behaviour(some - 1))).toEqual([]);
      expect(look(behaviour(some))).toEqual(some === limit ? [{ rule: 'week', count: limit }] : []);
    },
  );

  it('is measured against the days before: what is taken today does not become usual', () => {
    const today = [4, 3, 2, 1].map((before) => ({ moment: hoursAgo(before), candidates: 19 }));
    const behaviour = shows([...working(2), ...today, { moment: NOW, candidates: 20 }]);
    expect(rulesOf(behaviour)).toContain('rate');
  });

  it('is within sixty minutes, whatever the clock says', () => {
    const minutes = (count: number) => new Date(NOW.getTime() - count * 60_000);
    const halves = (first: number) => [
      ...working(2),
      { moment: minutes(first), candidates: 10 },
      { moment: minutes(5), candidates: 10 },
    ];
    expect(rulesOf(shows(halves(59)))).toEqual(['rate']);
    expect(rulesOf(shows(halves(60)))).toEqual([]);
  });

  it('is not what it has done before as much of', () => {
    const shown = fc.record({
      moment: fc.integer({ min: 24, max: 671 }).map(hoursAgo),
      candidates: fc.integer({ min: 1, max: 500 }),
    });
    fc.assert(
      fc.property(fc.array(shown, { minLength: 1, maxLength: 200 }), (history) => {
        const { hours } = reading(history);
        const highest = Math.max(...hours.map(({ candidates }) => candidates));
        const isKnown = hours.length >= 20;
        const again = rulesOf(shows([...history, { moment: NOW, candidates: highest }]));
        expect(again).not.toContain('day');
        expect(again.includes('rate')).toBe(!isKnown && highest >= thresholds.newcomerInHour);
      }),
    );
  });

  it('stays so when there is more of it, and never begins below what every client may', () => {
    const span = (most: number) =>
      fc.record({ ago: fc.integer({ min: 0, max: most }), candidates: fc.integer({ min: 1, max: 200 }) });
    const spans = (most: number) =>
      fc.uniqueArray(span(most), { selector: ({ ago }) => ago, maxLength: most });
    const more = (some: Behaviour['hours']) => [
      ...some.filter(({ ago }) => ago > 0),
      { ago: 0, candidates: (some.find(({ ago }) => ago === 0)?.candidates ?? 0) + 1 },
    ];
    fc.assert(
      fc.property(spans(719), spans(29), spans(3), (hours, days, weeks) => {
        const some = { ...QUIET, hours, days, weeks };
        const found = look(some);
        const then = rulesOf({ ...some, hours: more(hours), days: more(days), weeks: more(weeks) });
        expect(then).toEqual(expect.arrayContaining(found.map(({ rule }) => rule)));
        const floors = {
          rate: thresholds.knownInHour,
          day: thresholds.knownInDay,
          week: thresholds.knownInWeek,
        };
        for (const [rule, floor] of Object.entries(floors))
          expect(found.find((one) => one.rule === rule)?.count ?? floor).toBeGreaterThanOrEqual(floor);
      }),
    );
  });

  it('is not a time beside those it knows, across midnight and a change of the clocks as well', () => {
    const rules = (usual: readonly Date[], at: Date) =>
      rulesOf(
        shows(
          [...usual, at].map((moment) => ({ moment, candidates: 8 })),
          at,
        ),
      );
    const daily = (from: string) =>
      Array.from({ length: 10 }, (_, day) => new Date(Date.parse(from) - 24 * HOUR_MS * day)).filter(
        (day) => ![0, 6].includes(day.getUTCDay()),
      );
    const [eleven, midnight] = [daily('2026-11-24T10:00:00Z'), daily('2026-11-24T22:00:00Z')];
    expect(rules(eleven, new Date('2026-11-25T11:00:00Z'))).toEqual([]);
    expect(rules(eleven, new Date('2026-11-25T12:00:00Z'))).toEqual(['hours']);
    expect(rules(midnight, new Date('2026-11-25T23:00:00Z'))).toEqual([]);
    // Ten o'clock in summer, eleven in winter.
    expect(rules(daily('2026-10-23T08:00:00Z'), new Date('2026-10-27T10:00:00Z'))).toEqual([]);
  });

  it('is told again after a day, and of a week after a week', () => {
    for (const rule of RULES) expect(silenceAfter(rule)).toBe((rule === 'week' ? 168 : 24) * HOUR_MS);
  });

  it.each([
    [[], 0],
    [['b'], 1],
    [['a', 'b', 'c', 'a', 'b'], 3],
    [['a', 'b', 'b', 'c'], 3],
    [['c', 'c', 'b', 'b', 'a'], 3],
    [['c', 'b', 'a', 'd'], 3],
  ])('has in %j a run of %i', (some, length) => {
    expect(longestRun(some)).toBe(length);
  });

  it('is said in one sentence, with its number, in both languages', () => {
    for (const rule of RULES) {
      const why = explainUnusual(`unusual_${rule}`, 77);
      for (const sentence of [why?.en, why?.fr]) expect(sentence).toMatch(/^[^.]*\b77\b[^.]*\.$/);
    }
    expect(explainUnusual('budget_spent', 1)).toBeUndefined();
  });
});
