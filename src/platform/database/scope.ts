import type { AgencyActor, CandidateActor } from '../../kernel/context.js';
import type { AgencyId, CandidateId } from '../../kernel/ids.js';

/**
 * On whose behalf a transaction runs. PostgreSQL's row-level security shows each scope its own rows;
 * a transaction without one sees nothing.
 */
export type Scope =
  | { readonly kind: 'candidate'; readonly candidateId: CandidateId }
  | { readonly kind: 'agency'; readonly agencyId: AgencyId }
  /** Anyone: published vacancies. */
  | { readonly kind: 'public' }
  /** Sign-up, sign-in and sessions, which come before anybody is known. */
  | { readonly kind: 'identity' }
  /** Jobs, the command line, the authorization server. */
  | { readonly kind: 'system' };

/** The scope of whoever asks for what is their own. */
export function scopeOf(actor: AgencyActor | CandidateActor): Scope {
  return actor.kind === 'agency'
    ? { kind: 'agency', agencyId: actor.agencyId }
    : { kind: 'candidate', candidateId: actor.candidateId };
}
