import type { AccountId, AgencyId, CandidateId, ClientId, RequestId, SessionId } from './ids.js';

export type Locale = 'fr' | 'en';

export type AgencyScope =
  | 'vacancies:read'
  | 'vacancies:write'
  | 'applications:read'
  | 'applications:decide'
  | 'webhooks:manage'
  | 'usage:read';

export interface AnonymousActor {
  readonly kind: 'anonymous';
}

/** `totp_enrolment`: until there is an authenticator again, nothing else but seeing and ending sessions. */
export type SessionLimit = 'totp_enrolment';

interface Person {
  readonly accountId: AccountId;
  readonly sessionId: SessionId;
  /** Which of the session's tokens was presented: it gets a new one with each step-up. */
  readonly sessionRevision: number;
  readonly limitedTo: SessionLimit | null;
  /** When the second factor was last given in this session. */
  readonly secondFactorAt: Date;
}

export interface CandidateActor extends Person {
  readonly kind: 'candidate';
  readonly candidateId: CandidateId;
}

export interface AuditorActor extends Person {
  readonly kind: 'auditor';
}

export interface OperatorActor extends Person {
  readonly kind: 'operator';
}

export interface AgencyActor {
  readonly kind: 'agency';
  readonly agencyId: AgencyId;
  readonly clientId: ClientId;
  readonly scopes: readonly AgencyScope[];
  /** Thumbprint of the key that the request has proven to hold (RFC 7638, or RFC 8705 §3.1 of a certificate), in base64url. */
  readonly key?: string;
}

/** The product itself: a background job, the command line, the demo. */
export interface SystemActor {
  readonly kind: 'system';
  readonly name: string;
}

export type PersonActor = CandidateActor | AuditorActor | OperatorActor;
export type Actor = AnonymousActor | PersonActor | AgencyActor | SystemActor;

/** Who asks, in which request, from where: the explicit first argument of every service. */
export interface RequestContext<A extends Actor = Actor> {
  readonly requestId: RequestId;
  readonly actor: A;
  readonly locale: Locale;
  /** The caller's address as the outermost trusted proxy saw it; never stored in clear, only sealed while a job waits and as its keyed hash. */
  readonly address: string;
  /** The caller's `User-Agent`; only what family of program it names is ever kept, sealed. */
  readonly userAgent?: string | undefined;
}
