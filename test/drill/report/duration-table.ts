import { allowanceOf, WINDOW_HOURS, WINDOWS } from '../rows/release.ts';

const SIZES = [10_000, 100_000, 1_000_000] as const;
/** Applications that an agency of some size has open. */
const EACH = 1_000;

/** How long the whole database would take whom nobody stops, as long as no limit is run into. */
export interface Duration {
  readonly candidates: number;
  readonly agencies: number;
  /** Private keys that have to be stolen for it. */
  readonly keys: number;
  /** Candidates an hour that one key is shown. */
  readonly hourly: number;
  readonly hoursOneAfterAnother: number;
  readonly hoursAllAtOnce: number;
}

/** For each size: everybody at agencies of a thousand applicants, and everybody at one agency, which is the worst. */
export function durations(): readonly Duration[] {
  return SIZES.flatMap((candidates) => [duration(candidates, candidates / EACH), duration(candidates, 1)]);
}

function duration(candidates: number, agencies: number): Duration {
  const applicants = Math.ceil(candidates / agencies);
  const hours = hoursToRead(applicants);
  return {
    candidates,
    agencies,
    keys: agencies,
    hourly: allowanceOf(applicants).hour,
    hoursOneAfterAnother: hours * agencies,
    hoursAllAtOnce: hours,
  };
}

/** Hour by hour as much as the limits of the hour, the day and the thirty days allow. */
function hoursToRead(applicants: number): number {
  const allowance = allowanceOf(applicants);
  const shown: number[] = [];
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  while (sum(shown) < applicants) {
    const left = WINDOWS.map((window) => {
      const before = WINDOW_HOURS[window] - 1;
      return allowance[window] - sum(before === 0 ? [] : shown.slice(-before));
    });
    shown.push(Math.min(...left, applicants - sum(shown)));
  }
  return shown.length;
}

const HEADS = [
  'candidates',
  'agencies',
  'keys to steal',
  'an hour and key',
  'one after another',
  'all at once',
];

export function durationTable(rows: readonly Duration[]): string {
  const cells = rows.map(({ candidates, agencies, keys, hourly, hoursOneAfterAnother, hoursAllAtOnce }) => [
    candidates.toLocaleString('en'),
    agencies.toLocaleString('en'),
    keys.toLocaleString('en'),
    hourly.toLocaleString('en'),
    inWords(hoursOneAfterAnother),
    inWords(hoursAllAtOnce),
  ]);
  const lines = [HEADS, ...cells];
  const widths = HEADS.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const table = lines.map((line) => line.map((cell, at) => cell.padStart(widths[at] ?? 0)).join('   '));
  return [
    'A4: how long the whole database would take under the default budgets, with nobody minding the alerts of the first hour',
    '',
    ...table,
    '',
  ].join('\n');
}

function inWords(hours: number): string {
  return hours < 100 ? `${hours} hours` : `${Math.round(hours / 24).toLocaleString('en')} days`;
}
