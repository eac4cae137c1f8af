import { createHmac } from 'node:crypto';

/** One secret of an endpoint, sealed with the others. */
export interface SigningSecret {
  /** `whsec_` and the base64 of its bytes, as the receiver has it (Standard Webhooks, "Signature scheme"). */
  readonly value: string;
  readonly createdAt: string;
  /** When nothing is signed with it any more; `null` for the present one. */
  readonly expiresAt: string | null;
}

const PREFIX = 'whsec_';
/** Standard Webhooks asks for 24 to 64. */
export const SECRET_BYTES = 32;

export function secretOf(bytes: Buffer, now: Date): SigningSecret {
  return { value: `${PREFIX}${bytes.toString('base64')}`, createdAt: now.toISOString(), expiresAt: null };
}

/** Those that are signed with now, the newest first. */
export function activeSecrets(secrets: readonly SigningSecret[], now: Date): readonly SigningSecret[] {
  const active = secrets.filter(({ expiresAt }) => expiresAt === null || new Date(expiresAt) > now);
  return active.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}

/**
 * Puts a fresh secret in the place of the present one, which stays good beside it for a while.
 * @param overlapMs 0: every other one ends at once
 * @returns `undefined` when there are two already: the older would end sooner than was promised
 */
export function rotated(
  secrets: readonly SigningSecret[],
  fresh: SigningSecret,
  now: Date,
  overlapMs: number,
): readonly SigningSecret[] | undefined {
  if (overlapMs === 0) return [fresh];
  const [present, ...others] = activeSecrets(secrets, now);
  if (others.length > 0) return undefined;
  if (present === undefined) return [fresh];
  return [fresh, { ...present, expiresAt: new Date(now.getTime() + overlapMs).toISOString() }];
}

/**
 * The value of `webhook-signature`: HMAC-SHA-256 over `id.timestamp.body` under each secret, `v1,` and its base64,
 * separated by spaces.
 * @param timestamp in seconds
 */
export function signatureOf(
  secrets: readonly Pick<SigningSecret, 'value'>[],
  message: { readonly id: string; readonly timestamp: number; readonly body: string },
): string {
  const signed = `${message.id}.${message.timestamp}.${message.body}`;
  return secrets
    .map(({ value }) => Buffer.from(value.slice(PREFIX.length), 'base64'))
    .map((key) => `v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
    .join(' ');
}
