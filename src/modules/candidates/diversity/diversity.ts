/**
 * What is asked for equality's sake, and the answers there are. Origin, religion, opinions, health and sexual
 * orientation are not: French law forbids to collect them here (loi 78-17, art. 6; ADR 0039). Nobody has to answer.
 * Every choice of answers fits into the smallest sealed size, so that a stored value's length tells nothing.
 */
export const DIVERSITY_QUESTIONS = {
  sex: ['female', 'male', 'other'],
  ageBand: ['under_26', '26_35', '36_45', '46_55', 'over_55'],
  /** Whether a disability is recognised (RQTH) or would be. */
  disability: ['yes', 'no'],
} as const;

export type DiversityQuestion = keyof typeof DIVERSITY_QUESTIONS;

/** A member that is absent was not answered. */
export type Diversity = {
  readonly [Question in DiversityQuestion]?: (typeof DIVERSITY_QUESTIONS)[Question][number];
};
