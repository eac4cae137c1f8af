import { place } from '../../../sealing/index.js';
import type { Locale } from '../../../kernel/context.js';
import type { RequestId } from '../../../kernel/ids.js';
import type { SessionOrigin } from '../sessions/session-origin.js';

export type Role = 'candidate' | 'auditor' | 'operator';

export interface OutgoingMessage {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** What waits for its proof. Epoch and end are sealed with it, so that neither can be moved. */
export type PendingChange = (
  | { readonly kind: 'totp'; readonly secret: string }
  | { readonly kind: 'address'; readonly address: string; readonly confirmed: readonly ('old' | 'new')[] }
) & { readonly epoch: number; readonly expiresAt: string };

/** What anybody has asked for about an address, before anybody looks whether it is known. */
export interface QueuedRequest {
  readonly kind: 'password_forgotten';
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
