import { Injectable } from '@nestjs/common';
import type { AgencyActor, CandidateActor, RequestContext } from '../kernel/context.js';
import { Failure } from '../kernel/errors.js';
import type { CandidateId, DocumentId } from '../kernel/ids.js';
import { type Action, type EntryDraft, Ledger, type Receipt } from '../ledger/index.js';
import { Settings } from '../platform/config/settings.js';
import type { DocumentKey, PersonalPlace, Sealed } from '../sealing/index.js';
import { Opener } from '../sealing/opening.js';
import type { ReadAllowance } from './budget/budget.js';
import type { ApplicationDossier, SealedField } from './dossier.js';
import { openDossiers, requireReceipt } from './open-dossiers.js';
import { requireGranted } from './refusal.js';
import type { Granted } from './release-decision.js';
import { ReleaseGate } from './release-gate.js';
import type { AgencyPurpose } from './release-policy.js';
import { released } from './released.js';
import { touched } from './touched.js';

/** A document as it is kept: its key sealed in its row, its content wherever that is. */
export interface SealedDocument {
  readonly candidate: CandidateId;
  readonly id: DocumentId;
  readonly place: PersonalPlace<DocumentKey>;
  readonly key: Sealed<DocumentKey>;
  /** Its sealed bytes from the beginning, as often as they are asked for. */
  readonly content: () => Promise<AsyncIterable<Buffer>>;
}

/** Looks into a whole document before anything of it is released. @throws Failure when it is not to be released */
export type Inspect = (content: AsyncIterable<Buffer>) => Promise<void>;

/** What an agency asks for: one document of one application. */
export interface AgencyDocumentRequest<T> {
  readonly purpose: AgencyPurpose;
  /** The application that it is attached to. */
  readonly dossier: ApplicationDossier;
  readonly document: SealedDocument;
  /** The document in the sealed list of what was sent, whatever the clear rows say; `undefined` when it is not there. */
  readonly find: (documents: unknown) => T | undefined;
  readonly readAllowance: ReadAllowance;
  readonly inspect?: Inspect;
}

/** A document on its way out, and what belongs to it. */
export interface ReleasedDocument<T> {
  readonly about: T;
  /** Fails, after whatever has come out, when the rest does not open. */
  readonly content: AsyncIterable<Buffer>;
}

/** Of the release policy. */
const FIELD = 'documents';
/** In the ledger: one of them, whose id is the entry's resource. */
const NAME = 'document';

/** The one door, for what does not fit into memory: an entry first, then the bytes as they are taken. */
@Injectable()
export class DocumentDisclosure {
  readonly #ledger: Ledger;
  readonly #opener: Opener;
  readonly #gate: ReleaseGate;
  readonly #settings: Settings;

  constructor(ledger: Ledger, opener: Opener, gate: ReleaseGate, settings: Settings) {
    this.#ledger = ledger;
    this.#opener = opener;
    this.#gate = gate;
    this.#settings = settings;
  }

  /**
   * A candidate's own document for them.
   * @param about what is kept beside it; `null` comes out when that does not open
   * @throws Failure `ledger_unavailable`, `keys_unavailable`, `not_found` for another's, `sealed_value_unreadable`
   *   when not even the beginning opens
   */
  async toOwner<T>(
    context: RequestContext<CandidateActor>,
    action: Action,
    document: SealedDocument,
    about: SealedField<T>,
  ): Promise<ReleasedDocument<T | null>> {
    const { candidate } = document;
    const draft = { action, context, resource: document.id, purpose: 'own_data' } as const;
    const entry = { ...draft, subjects: [touched({ candidate }, [NAME])] };
    if (candidate !== context.actor.candidateId) {
      await this.#ledger.append({ ...entry, outcome: 'refused', reason: 'not_owner' }, 'staged');
      throw new Failure('not_found');
    }
    const receipt = await this.#ledger.append(entry, this.#settings.ledger.acknowledgement.candidate);
    const [opened] = await openDossiers(receipt, this.#opener, [{ candidate, fields: [about] }]);
    const content = await begun(this.#opened(receipt, entry, document));
    return { about: opened?.value(about) ?? null, content };
  }

  /**
   * A document for the agency that it was sent to: policy, budget, ledger, and only then the keys.
   * @throws Failure `disclosure_refused`, `disclosure_budget_spent`, `ledger_unavailable`, `keys_unavailable`,
   *   `not_found` for another's, `sealed_value_unreadable`, and what `inspect` throws
   */
  async toAgency<T>(
    context: RequestContext<AgencyActor>,
    request: AgencyDocumentRequest<T>,
  ): Promise<ReleasedDocument<T>> {
    const { purpose, dossier, document, readAllowance, inspect } = request;
    const draft = { action: 'document.disclosed', context, purpose, resource: document.id } as const;
    const wish = { purpose, fields: new Set([FIELD] as const), dossiers: [dossier], readAllowance };
    const granted = requireGranted(await this.#gate.decide(draft, wish));
    const entry = { ...draft, subjects: [touched(dossier, [NAME])] };
    const receipt = await this.#ledger.append(entry, this.#settings.ledger.acknowledgement.agency);
    const about = request.find(await this.#listed(receipt, granted));
    if (about === undefined) {
      await this.#ledger.append({ ...entry, outcome: 'failed', reason: 'not_found' }, 'staged');
      throw new Failure('not_found');
    }
    if (inspect !== undefined) await this.#inspected(receipt, entry, document, inspect);
    return { about, content: await begun(this.#opened(receipt, entry, document)) };
  }

  /** What was sealed as the list of documents when the application was submitted. */
  async #listed(receipt: Receipt, granted: Granted): Promise<unknown> {
    const { candidate, application } = granted.dossier;
    const fields = granted.content.map(({ sealed }) => sealed);
    const [opened] = await openDossiers(receipt, this.#opener, [{ candidate, application, fields }]);
    return opened === undefined ? undefined : released(granted, opened).values[FIELD];
  }

  async #inspected(
    receipt: Receipt,
    entry: EntryDraft,
    document: SealedDocument,
    inspect: Inspect,
  ): Promise<void> {
    try {
      await inspect(this.#opened(receipt, entry, document));
    } catch (error) {
      if (error instanceof Failure && error.code !== 'sealed_value_unreadable')
        await this.#ledger.append({ ...entry, outcome: 'failed', reason: error.code }, 'staged');
      throw error;
    }
  }

  /** What does not open is an entry of its own. */
  async *#opened(
    receipt: Receipt,
    entry: EntryDraft,
    document: SealedDocument,
  ): AsyncGenerator<Buffer, void, undefined> {
    requireReceipt(receipt);
    const { place, candidate: subject, id: row, key: sealed } = document;
    try {
      yield* this.#opener.openDocument({ place, position: { subject, row }, sealed }, document.content);
    } catch (error) {
      if (error instanceof Failure && error.code === 'sealed_value_unreadable')
        await this.#ledger.append({ ...entry, outcome: 'failed', reason: error.code }, 'staged');
      throw error;
    }
  }
}

/** A stream of which the first piece is there already: what fails at once fails before anything is answered. */
async function begun(content: AsyncGenerator<Buffer, void, undefined>): Promise<AsyncIterable<Buffer>> {
  let first: IteratorResult<Buffer, void> | undefined = await content.next();
  const iterator: AsyncIterator<Buffer, void, undefined> = {
    next() {
      const given = first;
      first = undefined;
      return given === undefined ? content.next() : Promise.resolve(given);
    },
    // Whoever takes nothing more lets go of the store as well, even if they have taken nothing at all.
    return: () => content.return(),
  };
  return { [Symbol.asyncIterator]: () => iterator };
}
