import { Injectable } from '@nestjs/common';
import type { AgencyActor, CandidateActor, RequestContext } from '../kernel/context.js';
import { Failure } from '../kernel/errors.js';
import { type Action, type EntryDraft, Ledger, type Receipt } from '../ledger/index.js';
import { type Acknowledgement, Settings } from '../platform/config/settings.js';
import { Logger } from '../platform/logging/logger.js';
import { Opener } from '../sealing/opening.js';
import type { Dossier, Opened, Release } from './dossier.js';
import { openDossiers, requireReceipt } from './open-dossiers.js';
import { OwnReading } from './own-reading.js';
import type { Granted } from './release-decision.js';
import { type AgencyDraft, type AgencyRequest, ReleaseGate } from './release-gate.js';
import { released } from './released.js';
import { about, touched } from './touched.js';

type AgencyContext = RequestContext<AgencyActor>;

/** The one door: what candidates have told us leaves through here, after its entry is in the ledger. */
@Injectable()
export class Disclosure {
  readonly #ledger: Ledger;
  readonly #opener: Opener;
  readonly #gate: ReleaseGate;
  readonly #settings: Settings;
  readonly #logger: Logger;

  constructor(ledger: Ledger, opener: Opener, gate: ReleaseGate, settings: Settings, logger: Logger) {
    this.#ledger = ledger;
    this.#opener = opener;
    this.#gate = gate;
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
    const open = async (fields: Dossier['fields']): Promise<Opened> => {
      const [opened] = await this.#openRecorded(receipt, entry, [{ candidate, fields }]);
      if (opened === undefined) throw new Error('Opening gives one result per dossier.');
      return opened;
    };
    return new OwnReading(context, open, ({ id: row, place, key: sealed, content }) => {
      requireReceipt(receipt);
      return this.#opener.openDocument({ place, position: { subject: candidate, row }, sealed }, content);
    });
  }

  /**
   * Shows an agency what the policy releases: policy, budget, ledger, and only then the keys.
   * @returns one answer per dossier, in order; refusals are entries of the ledger as well
   * @throws Failure `disclosure_budget_spent`, `ledger_unavailable`, `keys_unavailable`, `not_found` for another's dossier
   */
  async toAgency(context: AgencyContext, request: AgencyRequest): Promise<readonly Release[]> {
    const { purpose } = request;
    const draft = { action: 'application.disclosed', context, purpose } as const;
    const decisions = await this.#gate.decide(draft, request);
    const granted = decisions.filter((decision) => decision.outcome === 'granted');
    const opened = await this.#openGranted(draft, granted);
    return decisions.map((decision): Release => {
      if (decision.outcome === 'denied') return { outcome: 'refused', reason: decision.reason };
      const result = opened.get(decision);
      if (result === undefined) throw new Error('Opening gives one result per dossier.');
      return released(decision, result);
    });
  }

  async #openGranted(draft: AgencyDraft, granted: readonly Granted[]): Promise<ReadonlyMap<Granted, Opened>> {
    if (granted.length === 0) return new Map();
    const dossiers = granted.map(({ dossier: { candidate, application }, content }): Dossier => {
      return { candidate, application, fields: content.map(({ sealed }) => sealed) };
    });
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
