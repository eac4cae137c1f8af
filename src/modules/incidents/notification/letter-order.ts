import type { CandidateId } from '../../../kernel/ids.js';
import type { Affected } from '../impact/affected-candidates.js';
import type { Told } from '../persistence/places.js';
import { growthOf, toldOf } from './growth.js';
import type { StandingNotice } from './notice-rows.js';

export interface Reachable extends Affected {
  readonly candidate: CandidateId;
}

/** A letter that is to be written. */
export interface LetterOrder {
  readonly candidate: CandidateId;
  readonly content: Told;
  /** Whether its reader was told of less, or is about to be. */
  readonly isFurther: boolean;
  /** In whose place it comes. */
  readonly before?: StandingNotice;
}

/**
 * What somebody is to be told.
 * @returns `undefined` for whoever knows it all, or has a letter about it on its way
 */
export function orderOf(exposure: Reachable, before: StandingNotice | undefined): LetterOrder | undefined {
  const { candidate } = exposure;
  if (before === undefined) return { candidate, content: toldOf(exposure), isFurther: false };
  const growth = before.told === undefined ? toldOf(exposure) : growthOf(before.told, exposure);
  const isKnown = before.letter === 'accepted' || before.letter === 'waiting';
  const content = isKnown ? growth : (growth ?? before.told);
  return content && { candidate, content, before, isFurther: before.isFurther || isKnown };
}
