const HOUR_MS = 3_600_000;

/** What every agency may read in a day, however few applications it holds. */
const FLOOR = 50;
/** Above the floor: this part of its open applications. */
const SHARE = 0.2;
/** The agency's operators hear of it from this part of the limit on. */
const WARNING_SHARE = 0.8;

/** The window over which distinct candidates are counted, in milliseconds. It moves by whole hours. */
export const WINDOW_MS = 24 * HOUR_MS;

/** @returns how many different candidates an agency may be shown within the window */
export function dailyLimit(openApplications: number): number {
  return Math.max(FLOOR, Math.ceil(openApplications * SHARE));
}

/** Whether spending has just reached the part of the limit at which a warning is due. */
export function crossesWarning(before: number, after: number, limit: number): boolean {
  const threshold = Math.ceil(limit * WARNING_SHARE);
  return before < threshold && after >= threshold;
}

/** The hour in which a reading falls: reading the same candidate again within it costs nothing. */
export function hourOf(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / HOUR_MS) * HOUR_MS);
}

/** The oldest hour that still counts at `moment`. */
export function windowStart(moment: Date): Date {
  return new Date(hourOf(moment).getTime() - WINDOW_MS + HOUR_MS);
}

/** @returns whole seconds until spending of `oldestHour` no longer counts, at least 1 */
export function secondsUntilFreed(oldestHour: Date, now: Date): number {
  return Math.max(1, Math.ceil((oldestHour.getTime() + WINDOW_MS - now.getTime()) / 1_000));
}
