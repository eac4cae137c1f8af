import type { Benchmark, Measurement, RunOptions } from './harness/benchmark.ts';
import type * as Rules from '../src/modules/unusual-access/rules.ts';
import type * as Configuration from '../src/platform/config/unusual-access-environment.ts';
import { honestTraffic } from './unusual-access/honest-traffic.ts';
import type { Look } from './unusual-access/reading.ts';
import { playTheft, SLOW_THEFTS, type SlowTheft, type Theft, THEFTS } from './unusual-access/thefts.ts';

const AGENCIES = 50;
const WEEKS_OF_A_MONTH = 4;
/** What is asked for. */
const ALERTS_A_WEEK = 1;
/** Of that, in the worst month: what is asked for is a mean. */
const ALERTS_IN_A_WORST_WEEK = 1.5;
/** The budgets of an agency with few applications: where a theft ends that nobody notices. */
const HOUR_BUDGET = 50;
const MONTH_BUDGET = 300;
/** Each after another month of honest reading. */
const THEFTS_PLAYED = 48;

export const benchmark: Benchmark = {
  measures:
    'false alerts of honest agencies, and candidates read before a theft is noticed, against one limit for all',
  run,
};

async function run(options: RunOptions): Promise<readonly Measurement[]> {
  const { unusual, silenceAfter, USUAL_THRESHOLDS } = await product();
  const look: Look = (behaviour) => unusual(behaviour, USUAL_THRESHOLDS);
  return [
    ...falseAlerts(look, silenceAfter, options),
    ...THEFTS.map((theft) => fastTheft(look, theft)),
    ...SLOW_THEFTS.flatMap((theft) => slowTheft(look, theft)),
  ];
}

function falseAlerts(
  look: Look,
  silence: typeof Rules.silenceAfter,
  { quick, signal, progress }: RunOptions,
): readonly Measurement[] {
  const months = quick ? 4 : 48;
  const [alerts, oneLimitAlerts]: [number[], number[]] = [[], []];
  for (let month = 0; month < months; month += 1) {
    signal.throwIfAborted();
    progress(`a month of honest traffic: ${month + 1} of ${months}`);
    const count = (by: Look) => honestTraffic(by, silence, month, AGENCIES, WEEKS_OF_A_MONTH).alerts.length;
    alerts.push(count(look));
    oneLimitAlerts.push(count(oneLimit(8)));
  }
  // One more than were seen: of none in so many weeks one may still be expected.
  const mean = (counts: readonly number[]) =>
    counts.reduce((sum, count) => sum + count, 1) / (counts.length * WEEKS_OF_A_MONTH);
  const ranked = (share: number) => (counts: readonly number[]) => {
    const count = counts.toSorted((one, other) => one - other)[Math.floor((counts.length - 1) * share)];
    return Math.max(1, count ?? 0) / WEEKS_OF_A_MONTH;
  };
  const name = `false alerts a week, ${AGENCIES} agencies`;
  const measured = (
    which: string,
    limit: number,
    of: (counts: readonly number[]) => number,
  ): Measurement => ({
    name: `${name}, ${which} of ${months} months`,
    value: of(alerts),
    baseline: of(oneLimitAlerts),
    unit: '1/week',
    goal: { of: 'value', bound: 'at most', limit },
  });
  return [
    measured('mean', ALERTS_A_WEEK, mean),
    measured('median', ALERTS_A_WEEK, ranked(0.5)),
    measured('worst', ALERTS_IN_A_WORST_WEEK, ranked(1)),
  ];
}

/** The worst of all months: it is to be noticed in each. */
function fastTheft(look: Look, theft: Theft): Measurement {
  const played = play(look, theft);
  const worst = Math.max(
    ...played.map(({ isNoticed, exposed }) => (isNoticed ? exposed : Number.MAX_SAFE_INTEGER)),
  );
  return {
    name: `exposed before the alert, ${theft.name}`,
    value: Math.max(1, worst),
    baseline: HOUR_BUDGET,
    unit: 'candidates',
    goal: { of: 'value', bound: 'at most', limit: HOUR_BUDGET },
  };
}

function slowTheft(look: Look, theft: SlowTheft): readonly Measurement[] {
  const noticed = play(look, theft)
    .filter(({ isNoticed }) => isNoticed)
    .map(({ exposed }) => exposed)
    .toSorted((one, other) => one - other);
  const exposed = (which: string, value: number | undefined): Measurement => ({
    name: `exposed before the alert, ${theft.name}, ${which} of the months in which it is noticed`,
    value: Math.max(1, value ?? Number.MAX_SAFE_INTEGER),
    baseline: MONTH_BUDGET,
    unit: 'candidates',
    goal: { of: 'value', bound: 'at most', limit: theft.mostExposed },
  });
  const inMonths: Measurement = {
    name: `noticed, ${theft.name}`,
    value: Math.max(1, noticed.length),
    baseline: THEFTS_PLAYED,
    unit: `of ${THEFTS_PLAYED} months`,
    goal: { of: 'ratio', bound: 'at least', limit: theft.leastNoticed },
  };
  if (theft.leastNoticed === 0) return [inMonths];
  return [
    inMonths,
    exposed('median', noticed[Math.floor(noticed.length / 2)]),
    exposed('worst', noticed.at(-1)),
  ];
}

const play = (look: Look, theft: Theft) =>
  Array.from({ length: THEFTS_PLAYED }, (_, seed) => playTheft(look, theft, seed));

/** What notices the slowest of the fast thefts as soon, and knows nobody. */
const oneLimit =
  (limit: number): Look =>
  ({ hours }) => {
    const count = hours.find(({ ago }) => ago === 0)?.candidates ?? 0;
    return count >= limit ? [{ rule: 'rate', count }] : [];
  };

async function product(): Promise<typeof Rules & typeof Configuration> {
  const [rules, configuration] = [
    '../dist/modules/unusual-access/rules.js',
    '../dist/platform/config/unusual-access-environment.js',
  ];
  return {
    ...((await import(rules)) as typeof Rules),
    ...((await import(configuration)) as typeof Configuration),
  };
}
