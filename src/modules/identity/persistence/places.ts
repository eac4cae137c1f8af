import type { Locale } from '../../../kernel/context.js';
import type { RequestId } from '../../../kernel/ids.js';
import { place } from '../../../sealing/index.js';
import type { SessionOrigin } from '../sessions/session-origin.js';

export type Role = 'candidate' | 'auditor' | 'operator';

export interface OutgoingMessage {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** What an assertion is checked with. */
export interface PasskeyCredential {
  /** As the authenticator named it, in base64url. */
  readonly id: string;
  /** COSE_Key (RFC 9052), in base64url. */
  readonly publicKey: string;
  /** How the authenticator can be reached (WebAuthn §5.8.4). */
  readonly transports: readonly string[];
  /** What its owner calls it. */
  readonly name: string | null;
}

/** Who somebody is elsewhere: a subject is one within its issuer (OpenID Connect Core §2). */
export interface ForeignIdentity {
  readonly issuer: string;
  readonly subject: string;
}

/** A sign-up as it was asked for, until the worker has dealt with it. */
export interface AskedRegistration {
  readonly email: string;
  readonly passwordHash: string;
  readonly locale: Locale;
  /** Of whoever asked, so that the entry about it names the request and its origin. */
  readonly requestId: RequestId;
  readonly address: string;
  /** Whether nobody has asked. */
  readonly isCanary: boolean;
}

/** A password that waits for the link it was asked for with. */
export interface PendingPassword {
  readonly passwordHash: string;
  /** SHA-256 of that link's token, in base64url. */
  readonly tokenHash: string;
}

export const REGISTRATION = place<AskedRegistration>()('identity_registration_request.content');
export const PENDING_PASSWORD = place<PendingPassword>()('identity_pending_password.content');
/** What waits for its proof. Epoch and end are sealed with it, so that neither can be moved. */
export type PendingChange = (
  | { readonly kind: 'totp'; readonly secret: string }
  | { readonly kind: 'address'; readonly address: string; readonly confirmed: readonly ('old' | 'new')[] }
) & { readonly epoch: number; readonly expiresAt: string };

/** What anybody has asked for about an address, before anybody looks whether it is known. */
export interface QueuedRequest {
  readonly kind: 'password_forgotten' | 'recovery';
  readonly email: string;
  readonly requestId: RequestId;
  readonly locale: Locale;
  readonly address: string;
}

export const EMAIL = place<string>()('identity_account.email');
export const ROLE = place<Role>()('identity_account.role');
/** An argon2id string; sealing is its pepper. */
export const PASSWORD_HASH = place<string>()('identity_account.password_hash');
/** Base32, as authenticators take it. */
export const TOTP_SECRET = place<string>()('identity_account.totp_secret');
/** SHA-256 of each code not used yet, in base64url. */
export const RECOVERY_CODES = place<readonly string[]>()('identity_account.recovery_codes');
export const SESSION_ORIGIN = place<SessionOrigin>()('identity_session.origin');
export const PENDING_CHANGE = place<PendingChange>()('identity_pending_change.change');
export const QUEUED_REQUEST = place<QueuedRequest>()('identity_request.content');
export const MESSAGE = place<OutgoingMessage>()('platform_outgoing_mail.message');
export const PASSKEY_CREDENTIAL = place<PasskeyCredential>()('identity_passkey.credential');
export const FOREIGN_IDENTITY = place<ForeignIdentity>()('identity_federated_identity.identity');
