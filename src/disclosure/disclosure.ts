import { Injectable } from '@nestjs/common';
import type { AgencyActor, CandidateActor, RequestContext } from '../kernel/context.js';
import { Failure } from '../kernel/errors.js';
import { type Action, type EntryDraft, Ledger, type Receipt } from '../ledger/index.js';
import { type Acknowledgement, Settings } from '../platform/config/settings.js';
import { Logger } from '../platform/logging/logger.js';
import { Opener } from '../sealing/opening.js';
import { Budget, type CountOpenApplications } from './budget/budget.js';
import type { ApplicationDossier, Dossier, Opened, Release } from './dossier.js';
import { openDossiers } from './open-dossiers.js';
import { OwnReading } from './own-reading.js';
import { decide, type Granted } from './release-decision.js';
import type { AgencyPurpose, ReleasableField } from './release-policy.js';
import { released } from './released.js';
import { about, touched } from './touched.js';

/** What an agency asks to be shown. */
export interface AgencyRequest {
  readonly purpose: AgencyPurpose;
  /** Narrows what is released; one that the policy does not release is a refusal. */
  readonly fields?: ReadonlySet<ReleasableField>;
  readonly dossiers: readonly ApplicationDossier[];
  readonly countOpenApplications: CountOpenApplications;
}

type AgencyContext = RequestContext<AgencyActor>;

/** The one door: what candidates have told us leaves through here, after its entry is in the ledger. */
@Injectable()
export class Disclosure {
  readonly #ledger: Ledger;
  readonly #opener: Opener;
  readonly #budget: Budget;
  readonly #settings: Settings;
  readonly #logger: Logger;

  constructor(ledger: Ledger, opener: Opener, budget: Budget, settings: Settings, logger: Logger) {
    this.#ledger = ledger;
    this.#opener = opener;
    this.#budget = budget;
    this.#settings = settings;
    this.#logger = logger;
  }

  /**
   * Opens a candidate's own values for them.
   * @param resource id of what is read, of the type that belongs to the action
   * @throws Failure `ledger_unavailable` (nothing is opened), `keys_unavailable`, `not_found` for another's dossier
   */
  async toOwner(
    context: RequestContext<CandidateActor>,
    action: Action,
    resource: string,
    dossier: Dossier,
  ): Promise<Opened> {
    const draft: EntryDraft = { action, context, resource, purpose: 'own_data' };
    const given = dossier.fields.filter(({ value }) => value !== null);
    const subjects = [
      touched(
        dossier,
        given.map(({ name }) => name),
      ),
    ];
    if (dossier.candidate !== context.actor.candidateId) {
      await this.#refuse({ ...draft, reason: 'not_owner', subjects });
      throw new Failure('not_found');
    }
    const { candidate: acknowledgement } = this.#settings.ledger.acknowledgement;
    const [opened] = await this.#open({ ...draft, subjects }, acknowledgement, [dossier]);
    if (opened === undefined) throw new Error('Opening gives one result per dossier.');
    return opened;
  }

  /**
   * Lets a candidate read everything of theirs: one entry for the whole reading, however much is opened in it.
   * @throws Failure `ledger_unavailable` (nothing is opened)
   */
  async allToOwner(context: RequestContext<CandidateActor>, action: Action): Promise<OwnReading> {
    const { candidateId: candidate } = context.actor;
    const subjects = [touched({ candidate }, [])];
    const entry = { action, context, resource: candidate, purpose: 'own_data', subjects } as const;
    const { candidate: acknowledgement } = this.#settings.ledger.acknowledgement;
    const receipt = await this.#ledger.append(entry, acknowledgement);
    return new OwnReading(context, async (fields) => {
      const [opened] = await this.#openRecorded(receipt, entry, [{ candidate, fields }]);
      if (opened === undefined) throw new Error('Opening gives one result per dossier.');
      return opened;
    });
  }

  /**
   * Shows an agency what the policy releases: policy, budget, ledger, and only then the keys.
   * @returns one answer per dossier, in order; refusals are entries of the ledger as well
   * @throws Failure `disclosure_budget_spent`, `ledger_unavailable`, `keys_unavailable`, `not_found` for another's dossier
   */
  async toAgency(context: AgencyContext, request: AgencyRequest): Promise<readonly Release[]> {
    const { purpose, dossiers } = request;
    const draft: EntryDraft = { action: 'application.disclosed', context, purpose };
    // The second wall: row-level security shows an agency its own applications only.
    const foreign = dossiers.filter(({ agency }) => agency !== context.actor.agencyId);
    if (foreign.length > 0) {
      await this.#refuse({ ...draft, reason: 'not_owner', ...about(foreign) });
      throw new Failure('not_found');
    }
    const decisions = dossiers.map((dossier) => decide(purpose, request.fields, dossier));
    for (const reason of ['purpose_not_allowed', 'field_not_released'] as const) {
      const denied = decisions.filter(
        (decision) => decision.outcome === 'denied' && decision.reason === reason,
      );
      if (denied.length === 0) continue;
      await this.#refuse({ ...draft, reason, ...about(denied.map(({ dossier }) => dossier)) });
    }
    const granted = decisions.filter((decision) => decision.outcome === 'granted');
    const opened = await this.#openGranted(context, draft, granted, request.countOpenApplications);
    return decisions.map((decision): Release => {
      if (decision.outcome === 'denied') return { outcome: 'refused', reason: decision.reason };
      const result = opened.get(decision);
      if (result === undefined) throw new Error('Opening gives one result per dossier.');
      return released(decision, result);
    });
  }

  async #openGranted(
    context: AgencyContext,
    draft: EntryDraft,
    granted: readonly Granted[],
    countOpenApplications: CountOpenApplications,
  ): Promise<ReadonlyMap<Granted, Opened>> {
    if (granted.length === 0) return new Map();
    const dossiers = granted.map(({ dossier: { candidate, application }, content }): Dossier => {
      return { candidate, application, fields: content.map(({ sealed }) => sealed) };
    });
    await this.#spend(context, dossiers, countOpenApplications);
    const subjects = granted.map(({ dossier, fields }) => touched(dossier, fields));
    const { agency: acknowledgement } = this.#settings.ledger.acknowledgement;
    const entry = { ...draft, ...about(dossiers), subjects };
    const opened = await this.#open(entry, acknowledgement, dossiers);
    return new Map(
      granted.flatMap((decision, index) => {
        const result = opened[index];
        return result === undefined ? [] : [[decision, result]];
      }),
    );
  }

  async #spend(
    context: AgencyContext,
    dossiers: readonly Dossier[],
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

  /** The entry first; what does not open afterwards is an entry of its own, and an alert. */
  async #open(
    entry: EntryDraft,
    acknowledgement: Acknowledgement,
    dossiers: readonly Dossier[],
  ): Promise<readonly Opened[]> {
    return this.#openRecorded(await this.#ledger.append(entry, acknowledgement), entry, dossiers);
  }

  async #openRecorded(
    receipt: Receipt,
    entry: EntryDraft,
    dossiers: readonly Dossier[],
  ): Promise<readonly Opened[]> {
    const opened = await openDossiers(receipt, this.#opener, dossiers);
    const subjects = dossiers.flatMap((dossier, index) => {
      const unreadable = opened[index]?.unreadable ?? [];
      return unreadable.length === 0 ? [] : [touched(dossier, unreadable)];
    });
    if (subjects.length > 0) {
      const failure = { ...entry, subjects, outcome: 'failed', reason: 'sealed_value_unreadable' } as const;
      await this.#ledger.append(failure, 'staged');
      const { action, context } = entry;
      const facts = { action, requestId: context.requestId, candidates: subjects.length };
      this.#logger.warn('sealed values unreadable', facts);
    }
    return opened;
  }

  /** Nothing leaves with a refusal, so it need not wait for the tree. */
  async #refuse(draft: Omit<EntryDraft, 'outcome'>): Promise<void> {
    await this.#ledger.append({ ...draft, outcome: 'refused' }, 'staged');
  }
}
