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
  const body = bodyOf(event, mode);
  const timestamp = Math.floor(now.getTime() / 1_000);
  const signature = signatureOf(activeSecrets(secrets, now), { id: event.id, timestamp, body });
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Sceau-Webhooks/1',
      'webhook-id': event.id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signature,
    },
  };
}
