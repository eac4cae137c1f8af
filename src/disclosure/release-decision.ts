import type { ApplicationDossier, RefusalReason, SealedContent } from './dossier.js';
import {
  type AgencyPurpose,
  isPurposeAllowed,
  type ReleasableField,
  releasedFields,
} from './release-policy.js';

export interface Granted {
  readonly outcome: 'granted';
  readonly dossier: ApplicationDossier;
  /** Released by the policy, asked for, and there to be given: what the ledger names. */
  readonly fields: readonly ReleasableField[];
  /** The sealed values that have to be opened for them. */
  readonly content: readonly SealedContent[];
}

export interface Denied {
  readonly outcome: 'denied';
  readonly dossier: ApplicationDossier;
  readonly reason: RefusalReason;
}

export type Decision = Granted | Denied;

const held = (content: SealedContent): readonly ReleasableField[] =>
  typeof content.holds === 'string' ? [content.holds] : content.holds;

/**
 * What of one application may be opened for a purpose.
 * @param wanted the fields asked for by name; asking for one that is not released is refused, not ignored
 */
export function decide(
  purpose: AgencyPurpose,
  wanted: ReadonlySet<ReleasableField> | undefined,
  dossier: ApplicationDossier,
): Decision {
  if (!isPurposeAllowed(purpose, dossier.status)) {
    return { outcome: 'denied', dossier, reason: 'purpose_not_allowed' };
  }
  const released = releasedFields(purpose, dossier.status, dossier);
  if (wanted?.isSubsetOf(released) === false) {
    return { outcome: 'denied', dossier, reason: 'field_not_released' };
  }
  const granted = wanted ?? released;
  const content = dossier.content.filter(
    (part) => part.sealed.value !== null && held(part).some((field) => granted.has(field)),
  );
  const fields = content.flatMap(held).filter((field) => granted.has(field));
  return { outcome: 'granted', dossier, fields, content };
}
