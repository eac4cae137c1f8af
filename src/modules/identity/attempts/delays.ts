/** Attempts that cost nothing but an answer: people mistype. */
const FREE = 5;
/** After so many none is looked at any more (NIST SP 800-63B-4 §3.2.2), until the owner has come in another way. */
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

/** After so long without an attempt the count begins anew, if it was not full. */
export const FORGOTTEN_SECONDS = 24 * 3_600;
/** Rows that nothing was added to for so long are removed: of full counts, and of networks. */
export const KEPT_SECONDS = { attempts: CLOSED_SECONDS, networks: 180 * 24 * 3_600 } as const;
export const FULL = MOST;
