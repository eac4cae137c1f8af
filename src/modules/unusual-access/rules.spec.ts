import { testSettings } from '../../../test/support/settings.js';
import { explainUnusual } from './explanations.js';
import { type Behaviour, longestRun, RULES, unusual } from './rules.js';

const NO_DATABASE = { appUrl: '', auditorUrl: '', sequencerUrl: '' };
const { unusualAccess: thresholds } = testSettings(NO_DATABASE, '/nowhere', 0);
const look = (behaviour: Behaviour) => unusual(behaviour, thresholds);

const HOUR_MS = 3_600_000;
/** A Wednesday, eleven in France. */
const NOW = new Date('2026-11-25T10:00:00Z');
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * HOUR_MS);
/** Ten candidates every hour from nine to noon of each working day. */
const HISTORY = Array.from({ length: 28 }, (_, day) => day + 1)
  .filter((day) => ![0, 6].includes(hoursAgo(24 * day).getUTCDay()))
  .flatMap((day) => [2, 1, 0].map((before) => ({ hour: hoursAgo(24 * day + before), candidates: 10 })));

const QUIET: Behaviour = {
  hour: NOW,
  shown: HISTORY,
  misses: 0,
  refusals: 0,
  pagesListed: 0,
  read: [],
  readers: 1,
};
const now = (candidates: number, hour = NOW) => ({ hour, shown: [...HISTORY, { hour, candidates }] });
const ids = (count: number) => Array.from({ length: count }, (_, at) => String(at).padStart(4, '0'));

describe('what is unusual of a client', () => {
  it.each([
    ['twice its highest hour', now(25), now(24), 'rate'],
    ['a candidate of eight clients', { readers: 8 }, { readers: 7 }, 'readers'],
    ['twenty ids that are not its agency’s', { misses: 20 }, { misses: 19 }, 'misses'],
    ['thirty refusals', { refusals: 30 }, { refusals: 29 }, 'refusals'],
    ['many pages', { pagesListed: 120 }, { pagesListed: 119 }, 'pages'],
    ['forty in order', { read: ids(40) }, { read: ids(39) }, 'order'],
    ['forty in order, backwards', { read: ids(40).toReversed() }, { read: ids(39).toReversed() }, 'order'],
    ['eight at night', now(8, hoursAgo(10)), now(7, hoursAgo(10)), 'hours'],
    ['eight on a Sunday', now(8, hoursAgo(-96)), now(8, hoursAgo(-120)), 'hours'],
  ])('is %s, and a little less is not', (_, much, less, rule) => {
    const rules = (changes: Partial<Behaviour>) => look({ ...QUIET, ...changes }).map((found) => found.rule);
    expect(rules(much)).toEqual([rule]);
    expect(rules(less)).toEqual([]);
  });

  it('is a day of twice its highest, however it is spread', () => {
    const spread = (each: number) => [
      ...HISTORY.filter(({ hour }) => hour < hoursAgo(24)),
      ...[3, 2, 1, 0].map((before) => ({ hour: hoursAgo(before), candidates: each })),
    ];
    expect(look({ ...QUIET, shown: spread(20) })).toEqual([{ rule: 'day', count: 80 }]);
    expect(look({ ...QUIET, shown: spread(19) })).toEqual([]);
  });

  it('is twice the highest hour of a client that is busy', () => {
    const busy = HISTORY.map(({ hour }) => ({ hour, candidates: 30 }));
    const today = (candidates: number) => look({ ...QUIET, shown: [...busy, { hour: NOW, candidates }] });
    expect(today(59)).toEqual([]);
    expect(today(60)).toEqual([{ rule: 'rate', count: 60 }]);
  });

  it('is a day that began yesterday', () => {
    const since = (hour: Date) => [
      ...HISTORY.filter((shown) => shown.hour < hoursAgo(24)),
      { hour, candidates: 56 },
      { hour: NOW, candidates: 24 },
    ];
    expect(look({ ...QUIET, shown: since(hoursAgo(23)) })).toEqual([{ rule: 'day', count: 80 }]);
    expect(look({ ...QUIET, shown: since(hoursAgo(25)) })).toEqual([]);
  });

  it('is no day, of one whose days are few', () => {
    const days = (known: number) => [
      ...[...new Set(HISTORY.map(({ hour }) => hour))]
        .slice(0, 3 * known)
        .map((hour) => ({ hour, candidates: 1 })),
      ...[3, 2, 1, 0].map((before) => ({ hour: hoursAgo(before), candidates: 24 })),
    ];
    expect(look({ ...QUIET, shown: days(4) })).toEqual([]);
    expect(look({ ...QUIET, shown: days(5) })).toEqual([{ rule: 'day', count: 96 }]);
  });

  it('is not an hour beside those it knows, across midnight and a change of the clocks as well', () => {
    const rules = (usual: readonly Date[], hour: Date) =>
      look({ ...QUIET, hour, shown: [...usual, hour].map((one) => ({ hour: one, candidates: 8 })) });
    const daily = (from: string) =>
      Array.from({ length: 10 }, (_, day) => new Date(Date.parse(from) - 24 * HOUR_MS * day)).filter(
        (day) => ![0, 6].includes(day.getUTCDay()),
      );
    const [eleven, midnight] = [daily('2026-11-24T10:00:00Z'), daily('2026-11-24T22:00:00Z')];
    expect(rules(eleven, new Date('2026-11-25T11:00:00Z'))).toEqual([]);
    expect(rules(eleven, new Date('2026-11-25T12:00:00Z'))).toEqual([{ rule: 'hours', count: 8 }]);
    expect(rules(midnight, new Date('2026-11-25T23:00:00Z'))).toEqual([]);
    // Ten o'clock in summer, eleven in winter.
    expect(rules(daily('2026-10-23T08:00:00Z'), new Date('2026-10-27T10:00:00Z'))).toEqual([]);
  });

  it('is, of one that nobody knows yet, what a newcomer does not do', () => {
    const newcomer = (candidates: number) => look({ ...QUIET, shown: [{ hour: NOW, candidates }] });
    expect(newcomer(39)).toEqual([]);
    expect(newcomer(40)).toEqual([{ rule: 'rate', count: 40 }]);
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
