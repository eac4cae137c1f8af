import type { SinkState } from './sink-store.js';

/**
 * For how many milliseconds a sink has been due to get the newest checkpoint; negative: not yet.
 * @param restMs for how long one that has a checkpoint needs no newer one
 * @returns `undefined` while it has the newest
 */
export function dueMs(
  { size, behindSince }: Pick<SinkState, 'size' | 'behindSince'>,
  restMs: number,
  now: Date,
): number | undefined {
  if (behindSince === null) return undefined;
  return now.getTime() - behindSince.getTime() - (size === 0 ? 0 : restMs);
}
