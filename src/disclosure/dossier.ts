import type { AgencyId, ApplicationId, CandidateId } from '../kernel/ids.js';
import type { PersonalPlace, Sealed } from '../sealing/index.js';
import type { ReleasableField, ReleaseStatus } from './release-policy.js';

/** One sealed value of a candidate: what it is called in the ledger and where it is kept. */
export interface SealedField<T> {
  /** The name under which the ledger knows it. Values of several rows may share one. */
  readonly name: string;
  readonly place: PersonalPlace<T>;
  /** Id of the row that keeps the value. */
  readonly row: string;
  /** `null` when nothing has been given. */
  readonly value: Sealed<T> | null;
}

/** Sealed values of one candidate, to be opened together for the candidate. */
export interface Dossier {
  readonly candidate: CandidateId;
  readonly application?: ApplicationId;
  readonly fields: readonly SealedField<unknown>[];
}

/** A sealed value of an application and the releasable fields it holds: itself one, or an object with several. */
export type SealedContent =
  | { readonly holds: ReleasableField; readonly sealed: SealedField<unknown> }
  | { readonly holds: readonly ReleasableField[]; readonly sealed: SealedField<object> };

/** Everything that decides what of one application an agency may see, and the sealed values themselves. */
export interface ApplicationDossier {
  readonly candidate: CandidateId;
  readonly application: ApplicationId;
  readonly agency: AgencyId;
  readonly status: ReleaseStatus;
  readonly anonymousReview: boolean;
  readonly content: readonly SealedContent[];
}

/** What came out of a dossier. */
export class Opened {
  /** Names of the fields whose stored value does not open. Their values are reported as absent. */
  readonly unreadable: readonly string[];
  readonly #values: ReadonlyMap<SealedField<unknown>, unknown>;

  constructor(values: ReadonlyMap<SealedField<unknown>, unknown>, unreadable: readonly string[]) {
    this.#values = values;
    this.unreadable = unreadable;
  }

  /** @returns the field's value; `null` when nothing was given or the stored value does not open */
  value<T>(field: SealedField<T>): T | null {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each field was opened under its own place, whose type says what was sealed there
    return (this.#values.get(field) ?? null) as T | null;
  }

  isUnreadable(field: SealedField<unknown>): boolean {
    return field.value !== null && !this.#values.has(field);
  }
}

/** What an agency is shown of one application. */
export interface Released {
  readonly outcome: 'released';
  readonly values: Readonly<Partial<Record<ReleasableField, unknown>>>;
  readonly unreadable: readonly ReleasableField[];
}

export type RefusalReason = 'purpose_not_allowed' | 'field_not_released';

export interface Refused {
  readonly outcome: 'refused';
  readonly reason: RefusalReason;
}

/** One answer per application asked for, in the same order. */
export type Release = Released | Refused;
