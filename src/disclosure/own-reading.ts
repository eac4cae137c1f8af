import type { CandidateActor, RequestContext } from '../kernel/context.js';
import type { CandidateId } from '../kernel/ids.js';
import type { Opened, SealedField } from './dossier.js';

type Candidate = RequestContext<CandidateActor>;

/** A candidate's reading of everything of theirs: recorded once, before anything is opened, and then as it goes on. */
export class OwnReading {
  readonly context: Candidate;
  readonly #open: (fields: readonly SealedField<unknown>[]) => Promise<Opened>;

  /** Made by `Disclosure` alone, which holds the receipt. */
  constructor(context: Candidate, open: (fields: readonly SealedField<unknown>[]) => Promise<Opened>) {
    this.context = context;
    this.#open = open;
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
}
