import type { AccountId, AgencyId, CandidateId, ClientId } from '../../../kernel/ids.js';

/** In the order in which they are taken: first what stops reading. */
export const CONTAINMENT_STEPS = ['clients', 'budgets', 'sessions', 'keys'] as const;
/**
 * `clients`: those that acted, or that the criteria name, are suspended; `budgets`: those of their agencies are
 * tightened; `sessions`: those of people who acted, or whom the criteria name by their account or a session, are ended; `keys`: those of everybody affected are renewed.
 */
export type ContainmentStep = (typeof CONTAINMENT_STEPS)[number];

/** What is left to be done. What is done already, or was by somebody else, is not in it. */
export interface ContainmentPlan {
  /** How many clients and people are meant, those that are cut off already included. */
  readonly meant: number;
  readonly clients: readonly ClientId[];
  /** Of these, whoever the criteria name and who has done nothing yet of what they are about. */
  readonly idleClients: readonly ClientId[];
  /** Whose budgets are tightened. */
  readonly agencies: readonly AgencyId[];
  /** With a session that the criteria name, or that began before containment was first ordered or they last acted. */
  readonly people: readonly AccountId[];
  /** With no key that was made since containment was first ordered, and since they were last exposed. */
  readonly candidates: readonly CandidateId[];
  /** How many entries of the ledger were on their way: who acted or was exposed by them is in no list. */
  readonly awaited: number;
}

/** Different candidates that an agency may still be shown: a tenth of what every agency may. */
export const TIGHT_BUDGET = { hour: 5, day: 10, month: 30 } as const;
/** For how long, unless an operator lifts it before. */
const TIGHT_DAYS = 30;
/** When a budget ends that is tightened at a moment. */
export const tightUntil = (from: Date): Date => new Date(from.getTime() + TIGHT_DAYS * 24 * 3_600_000);

/** @returns the same steps in their order, each once. All of them for none. */
export const stepsOf = (chosen: readonly ContainmentStep[]): readonly ContainmentStep[] =>
  chosen.length === 0 ? CONTAINMENT_STEPS : CONTAINMENT_STEPS.filter((step) => chosen.includes(step));

/** As a code of the ledger: `clients_sessions`. */
export const codeOf = (steps: readonly ContainmentStep[]): string => steps.join('_');
