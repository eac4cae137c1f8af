import { Injectable } from '@nestjs/common';
import type { AgencyActor, RequestContext } from '../kernel/context.js';
import { Failure } from '../kernel/errors.js';
import { type EntryDraft, Ledger } from '../ledger/index.js';
import { Logger } from '../platform/logging/logger.js';
import { Canaries } from './canary/canaries.js';
import { Budget, type ReadAllowance } from './budget/budget.js';
import { ClientSuspension } from './budget/client-suspension.js';
import type { ApplicationDossier } from './dossier.js';
import { type Decision, decide } from './release-decision.js';
import type { AgencyPurpose, ReleasableField } from './release-policy.js';
import { about } from './touched.js';

/** What an agency asks to be shown. */
export interface AgencyRequest {
  readonly purpose: AgencyPurpose;
  /** Narrows what is released; one that the policy does not release is a refusal. */
  readonly fields?: ReadonlySet<ReleasableField>;
  readonly dossiers: readonly ApplicationDossier[];
  readonly readAllowance: ReadAllowance;
}

export type AgencyDraft = EntryDraft & { readonly context: RequestContext<AgencyActor> };

/** What comes before an agency is shown anything: whose it is, the policy, the budget. */
@Injectable()
export class ReleaseGate {
  readonly #ledger: Ledger;
  readonly #budget: Budget;
  readonly #suspension: ClientSuspension;
  readonly #canaries: Canaries;
  readonly #logger: Logger;

  constructor(
    ledger: Ledger,
    budget: Budget,
    suspension: ClientSuspension,
    canaries: Canaries,
    logger: Logger,
  ) {
    this.#ledger = ledger;
    this.#budget = budget;
    this.#suspension = suspension;
    this.#canaries = canaries;
    this.#logger = logger;
  }

  /**
   * Decides about each dossier and spends the budget for what is granted. Refusals are entries of the ledger; a client
   * whose budget is spent is suspended.
   * @param draft what is recorded of the reading
   * @throws Failure `disclosure_budget_spent`, `ledger_unavailable`, `not_found` for another's dossier
   */
  async decide(draft: AgencyDraft, request: AgencyRequest): Promise<readonly Decision[]> {
    const { purpose, dossiers } = request;
    // The second wall: row-level security shows an agency its own applications only.
    const foreign = dossiers.filter(({ agency }) => agency !== draft.context.actor.agencyId);
    if (foreign.length > 0) {
      await this.#refuse({ ...about(foreign), ...draft, reason: 'not_owner' });
      throw new Failure('not_found');
    }
    const decisions = dossiers.map((dossier) => decide(purpose, request.fields, dossier));
    for (const reason of ['purpose_not_allowed', 'field_not_released'] as const) {
      const denied = decisions.filter(
        (decision) => decision.outcome === 'denied' && decision.reason === reason,
      );
      if (denied.length === 0) continue;
      await this.#refuse({ ...about(denied.map(({ dossier }) => dossier)), ...draft, reason });
    }
    const granted = decisions.filter(({ outcome }) => outcome === 'granted');
    if (granted.length > 0) {
      const dossiersGranted = granted.map(({ dossier }) => dossier);
      await this.#spend(draft.context, { ...request, dossiers: dossiersGranted });
    }
    return decisions;
  }

  async #spend(
    context: RequestContext<AgencyActor>,
    { purpose, dossiers, readAllowance }: AgencyRequest,
  ): Promise<void> {
    const { actor } = context;
    const candidates = dossiers.map(({ candidate }) => candidate);
    // Side by side: the time of an answer does not tell whether one of them is a canary.
    const [spending] = await Promise.all([
      this.#budget.spend(context, purpose, candidates, readAllowance),
      this.#canaries.watch(context, purpose, dossiers),
    ]);
    if (spending.outcome === 'within') return;
    const { subjects = [] } = about(dossiers);
    const refusal = { context, purpose, resource: actor.agencyId, reason: spending.limit, subjects };
    await this.#refuse({ ...refusal, action: 'disclosure.budget_spent' });
    try {
      await this.#suspension.suspend(context);
    } catch (error) {
      // It is refused all the same, now and whenever it asks again.
      this.#logger.fault('a client that has spent its budget is not suspended', error);
    }
    throw new Failure('disclosure_budget_spent', {
      headers: { 'retry-after': String(spending.retryAfterSeconds) },
    });
  }

  /** Nothing leaves with a refusal, so it need not wait for the tree. */
  async #refuse(draft: Omit<EntryDraft, 'outcome'>): Promise<void> {
    await this.#ledger.append({ ...draft, outcome: 'refused' }, 'staged');
  }
}
