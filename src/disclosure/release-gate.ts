import { Injectable } from '@nestjs/common';
import type { AgencyActor, RequestContext } from '../kernel/context.js';
import { Failure } from '../kernel/errors.js';
import { type EntryDraft, Ledger } from '../ledger/index.js';
import { Budget, type CountOpenApplications } from './budget/budget.js';
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
  readonly countOpenApplications: CountOpenApplications;
}

export type AgencyDraft = EntryDraft & { readonly context: RequestContext<AgencyActor> };

/** What comes before an agency is shown anything: whose it is, the policy, the budget. */
@Injectable()
export class ReleaseGate {
  readonly #ledger: Ledger;
  readonly #budget: Budget;

  constructor(ledger: Ledger, budget: Budget) {
    this.#ledger = ledger;
    this.#budget = budget;
  }

  /**
   * Decides about each dossier and spends the budget for what is granted. Refusals are entries of the ledger.
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
      await this.#spend(draft.context, dossiersGranted, request.countOpenApplications);
    }
    return decisions;
  }

  async #spend(
    context: RequestContext<AgencyActor>,
    dossiers: readonly ApplicationDossier[],
    countOpenApplications: CountOpenApplications,
  ): Promise<void> {
    const { actor } = context;
    const candidates = dossiers.map(({ candidate }) => candidate);
    const spending = await this.#budget.spend(actor, candidates, countOpenApplications);
    const draft = { context, resource: actor.agencyId };
    if (spending.outcome === 'exceeded') {
      const { subjects = [] } = about(dossiers);
      await this.#refuse({ ...draft, action: 'disclosure.budget_spent', subjects });
      throw new Failure('disclosure_budget_spent', {
        headers: { 'retry-after': String(spending.retryAfterSeconds) },
      });
    }
    if (spending.warning) {
      await this.#ledger.append({ ...draft, action: 'disclosure.budget_warned' }, 'staged');
    }
  }

  /** Nothing leaves with a refusal, so it need not wait for the tree. */
  async #refuse(draft: Omit<EntryDraft, 'outcome'>): Promise<void> {
    await this.#ledger.append({ ...draft, outcome: 'refused' }, 'staged');
  }
}
