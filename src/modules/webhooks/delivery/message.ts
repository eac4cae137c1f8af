import type { AgencyMode } from '../../agencies/index.js';
import type { WebhookEvent } from '../persistence/event-store.js';
import { activeSecrets, signatureOf, type SigningSecret } from '../signing-secrets.js';

/** What is posted. */
export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Ids, a type and a time: who the candidate is, an agency learns where each reading is recorded. Whether there is one
 * is said here, so that no program hires a synthetic one.
 */
function bodyOf({ type, at, agencyId, subject }: WebhookEvent, mode: AgencyMode): string {
  const data = { agencyId, sandbox: mode === 'sandbox', ...subject };
  return JSON.stringify({ type, timestamp: at.toISOString(), data });
}

/** An event as Standard Webhooks sends it: its id is the same in every attempt, its time of sending is not. */
export function messageOf(
  event: WebhookEvent,
  { mode, secrets }: { readonly mode: AgencyMode; readonly secrets: readonly SigningSecret[] },
  now: Date,
): Message {
  return signedMessage({ id: event.id, body: bodyOf(event, mode) }, activeSecrets(secrets, now), now);
}

/** A body with the headers of Standard Webhooks. */
export function signedMessage(
  { id, body }: { readonly id: string; readonly body: string },
  secrets: readonly Pick<SigningSecret, 'value'>[],
  now: Date,
): Message {
  const timestamp = Math.floor(now.getTime() / 1_000);
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Sceau-Webhooks/1',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatureOf(secrets, { id, timestamp, body }),
    },
  };
}
