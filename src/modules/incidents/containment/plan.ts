import type { AccountId, CandidateId, ClientId } from '../../../kernel/ids.js';

/** In the order in which they are taken: first what stops reading. */
export const CONTAINMENT_STEPS = ['clients', 'sessions', 'keys'] as const;
/**
 * `clients`: those of agencies that acted are suspended; `sessions`: those of people who acted are ended; `keys`: those
 * of everybody affected are renewed.
 */
export type ContainmentStep = (typeof CONTAINMENT_STEPS)[number];

/** What is left to be done. What is done already, or was by somebody else, is not in it. */
export interface ContainmentPlan {
  readonly clients: readonly ClientId[];
  /** Whose sessions are ended: of sessions that began before containment was ordered, or until now. */
  readonly people: readonly AccountId[];
  /** Whose keys are older than that. */
  readonly candidates: readonly CandidateId[];
}

/** @returns the same steps in their order, each once. All of them for none. */
export const stepsOf = (chosen: readonly ContainmentStep[]): readonly ContainmentStep[] =>
  chosen.length === 0 ? CONTAINMENT_STEPS : CONTAINMENT_STEPS.filter((step) => chosen.includes(step));

/** As a code of the ledger: `clients_sessions`. */
export const codeOf = (steps: readonly ContainmentStep[]): string => steps.join('_');
