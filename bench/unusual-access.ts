import type { Benchmark, Measurement, RunOptions } from './harness/benchmark.ts';
import type * as Rules from '../src/modules/unusual-access/rules.ts';
import type * as Configuration from '../src/platform/config/unusual-access-environment.ts';
import { honestTraffic, type Look, playTheft, THEFTS } from './unusual-access/simulation.ts';

const AGENCIES = 50;
/** What is asked for. */
const ALERTS_A_WEEK = 1;
/** The budget of an agency with few applications, within an hour: where a theft ends that nobody notices. */
const BUDGET = 50;

export const benchmark: Benchmark = {
  measures:
    'false alerts of honest agencies, and candidates read before a theft is noticed, against one limit for all',
  run,
};

async function run({ quick, signal, progress }: RunOptions): Promise<readonly Measurement[]> {
  const { unusual, USUAL_THRESHOLDS } = await product();
  const look: Look = (behaviour) => unusual(behaviour, USUAL_THRESHOLDS);
  const months = quick ? 3 : 24;
  let [alerts, oneLimitAlerts, weeks] = [0, 0, 0];
  for (let month = 0; month < months; month += 1) {
    signal.throwIfAborted();
    progress(`a month of honest traffic: ${month + 1} of ${months}`);
    alerts += honestTraffic(look, month, AGENCIES, 4).alerts.length;
    oneLimitAlerts += honestTraffic(oneLimit(8), month, AGENCIES, 4).alerts.length;
    weeks += 4;
  }
  return [
    {
      // One more than were seen: of none in so many weeks one may still be expected.
      name: `false alerts a week, ${AGENCIES} agencies`,
      value: (alerts + 1) / weeks,
      baseline: (oneLimitAlerts + 1) / weeks,
      unit: '1/week',
      goal: { of: 'value', bound: 'at most', limit: ALERTS_A_WEEK },
    },
    ...THEFTS.map((theft): Measurement => {
      const noticed = playTheft(look, theft, 1);
      const exposed = noticed.isNoticed ? noticed.exposed : Number.MAX_SAFE_INTEGER;
      return {
        name: `exposed before the alert, ${theft.name}`,
        value: Math.max(1, exposed),
        baseline: BUDGET,
        unit: 'candidates',
        goal: { of: 'value', bound: 'at most', limit: BUDGET },
      };
    }),
  ];
}

/** What notices the slowest of these thefts as soon, and knows nobody. */
const oneLimit =
  (limit: number): Look =>
  ({ hour, shown }) => {
    const count = shown.find((one) => one.hour.getTime() === hour.getTime())?.candidates ?? 0;
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
