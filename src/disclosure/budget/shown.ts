import { countsUntil, type Window, windowStart } from './budget-policy.js';

/** How many candidates were last shown in an hour. */
export interface Shown {
  readonly hour: Date;
  readonly candidates: number;
}

/** Different candidates within the window that ends now. */
export function usedWithin(shown: readonly Shown[], window: Window, now: Date): number {
  const since = windowStart(window, now);
  return shown.filter(({ hour }) => hour >= since).reduce((sum, { candidates }) => sum + candidates, 0);
}

/**
 * When so many candidates count no more, unless they are shown again.
 * @returns `undefined` when there are not so many within the window
 */
export function freedAt(
  shown: readonly Shown[],
  window: Window,
  now: Date,
  candidates: number,
): Date | undefined {
  const since = windowStart(window, now);
  const within = shown
    .filter(({ hour }) => hour >= since)
    .toSorted((one, other) => one.hour.getTime() - other.hour.getTime());
  let freed = 0;
  for (const { hour, candidates: leaving } of within) {
    freed += leaving;
    if (freed >= candidates) return countsUntil(window, hour);
  }
  return undefined;
}

/** @returns whole seconds from now on, at least 1 */
export function secondsUntil(moment: Date, now: Date): number {
  return Math.max(1, Math.ceil((moment.getTime() - now.getTime()) / 1_000));
}
