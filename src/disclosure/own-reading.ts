import type { CandidateActor, RequestContext } from '../kernel/context.js';
import type { CandidateId } from '../kernel/ids.js';
import type { SealedDocument } from './document-disclosure.js';
import type { Opened, SealedField } from './dossier.js';

type Candidate = RequestContext<CandidateActor>;

/** A candidate's reading of everything of theirs: recorded once, before anything is opened, and then as it goes on. */
export class OwnReading {
  readonly context: Candidate;
  readonly #open: (fields: readonly SealedField<unknown>[]) => Promise<Opened>;
  readonly #openDocument: (document: SealedDocument) => AsyncIterable<Buffer>;

  /** Made by `Disclosure` alone, which holds the receipt. */
  constructor(
    context: Candidate,
    open: (fields: readonly SealedField<unknown>[]) => Promise<Opened>,
    openDocument: (document: SealedDocument) => AsyncIterable<Buffer>,
  ) {
    this.context = context;
    this.#open = open;
    this.#openDocument = openDocument;
  }

  get candidate(): CandidateId {
    return this.context.actor.candidateId;
  }

  /**
   * Values of the candidate whose reading this is; another's do not open. What does not open is an entry of its own.
   * @throws Failure `keys_unavailable`, `ledger_unavailable`
   */
  open(fields: readonly SealedField<unknown>[]): Promise<Opened> {
    return this.#open(fields);
  }

  /** A document of the candidate’s, as it is read. @throws Failure `sealed_value_unreadable`, possibly after some of it */
  openDocument(document: SealedDocument): AsyncIterable<Buffer> {
    return this.#openDocument(document);
  }
}
