const MINUTE_MS = 60_000;

/** For how long a delivery is tried, from when its event was handed out, or it was asked for again. */
export const TRIED_FOR_MS = 3 * 24 * 3_600_000;

const FIRST_DELAY_MS = MINUTE_MS;
/** Also for a receiver that asks to be left alone for longer. */
const LONGEST_DELAY_MS = 8 * 3_600_000;
/** At most so much of a delay is added to it, so that what failed together is not tried together. */
const MOST_JITTER = 0.1;

/** For how long nothing is sent to a receiver that asks for a pause, in milliseconds. */
export function pauseOf(retryAfterMs: number | null): number {
  return Math.min(retryAfterMs ?? 0, LONGEST_DELAY_MS);
}

/**
 * When a delivery that has failed is tried again: after one minute, then two, four and so on up to eight hours; the
 * last time when its three days end. A receiver that asks for a longer pause gets it.
 * @param attempts how many there have been, 1 or more
 * @param pauseMs what `pauseOf` says
 * @param chance a number from 0 to 1, drawn for this
 * @returns `undefined` when that was the last one
 */
export function nextAttempt(
  attempts: number,
  now: Date,
  expiresAt: Date,
  pauseMs: number,
  chance: number,
): Date | undefined {
  if (now >= expiresAt) return undefined;
  const delay = Math.max(Math.min(FIRST_DELAY_MS * 2 ** (attempts - 1), LONGEST_DELAY_MS), pauseMs);
  const at = now.getTime() + Math.round(delay * (1 + MOST_JITTER * chance));
  return new Date(Math.min(at, expiresAt.getTime()));
}
