/** Attempts that cost nothing but an answer: people mistype. */
const FREE = 5;
/** After so many none is looked at for a month (NIST SP 800-63B-4 §3.2.2); the owner comes in another way. */
const MOST = 100;
const LONGEST_SECONDS = 15 * 60;
const CLOSED_SECONDS = 30 * 24 * 3_600;

/** Seconds for which no attempt is looked at after so many that were wrong. */
export function delayAfter(failures: number): number {
  if (failures < FREE) return 0;
  if (failures >= MOST) return CLOSED_SECONDS;
  return Math.min(LONGEST_SECONDS, 2 ** (failures - FREE));
}

/** For the first failure and every one after, the last for all that follow. */
export const DELAYS: readonly number[] = Array.from({ length: MOST }, (_, index) => delayAfter(index + 1));

/**
 * For each so long without an attempt one failure is forgotten. A count that began anew after a day would let a patient
 * guesser have five codes every day; so it is some 150 in the first year, and fewer in each that follows.
 */
export const WEARS_OFF_SECONDS = 7 * 24 * 3_600;
/** A network is known for so long after a sign-in. */
export const NETWORK_KNOWN_SECONDS = 180 * 24 * 3_600;
export const FULL = MOST;
