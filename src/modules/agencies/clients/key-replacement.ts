import { calculateJwkThumbprint, type JWK } from 'jose';
import { Failure } from '../../../kernel/errors.js';
import { thumbprintOfKey } from './client-certificates.js';
import { MOST_KEYS } from './client-keys.js';
import type { ClientMetadata } from './client-metadata.js';
import { endOf, keysAt } from './client-rules.js';

const DAY_MS = 86_400_000;

/** For longer than this, two keys at once are no replacement. */
const LONGEST_OVERLAP_DAYS = 90;

/**
 * New keys beside those of now, which end at `until`; at once when that is not later than `now`. A key that is in both
 * sets stays, and for good. Keys that have ended are dropped.
 * @param incoming as `readClientKeys` gives them
 * @throws Failure `invalid_request` for an overlap of more than 90 days, more than ten keys in all, an old key's id on
 * another key, or an old key under another id, which would go on as if it were new
 */
export async function replaceKeys(
  metadata: ClientMetadata,
  incoming: readonly JWK[],
  until: Date,
  now: Date,
): Promise<Pick<ClientMetadata, 'jwks' | 'retiring'>> {
  if (until.getTime() - now.getTime() > LONGEST_OVERLAP_DAYS * DAY_MS)
    refuse('/oldKeysUntil', `Old keys stay for ${LONGEST_OVERLAP_DAYS} days at most.`);
  const present = await named(keysAt(metadata, now));
  const arriving = await named(incoming);
  for (const [at, key] of arriving.entries()) {
    const pointer = `/jwks/keys/${at}`;
    if (present.some((old) => old.kid === key.kid && old.thumbprint !== key.thumbprint))
      refuse(pointer, 'A new key needs a "kid" that no key of the client has.');
    if (present.some((old) => old.kid !== key.kid && old.thumbprint === key.thumbprint))
      refuse(pointer, 'This key is registered already, under another "kid": make a new one.');
  }
  const stays = new Set(arriving.map(({ kid }) => kid));
  const leaving = until > now ? present.filter(({ kid }) => !stays.has(kid)) : [];
  const keys = [...incoming, ...leaving.map(({ key }) => key)];
  if (keys.length > MOST_KEYS)
    refuse('/jwks/keys', `A client has at most ${MOST_KEYS} keys, those that are being replaced included.`);
  const retiring = leaving.map(({ key, kid }) => {
    const end = endOf(metadata, key) ?? until;
    return { kid, until: (end < until ? end : until).toISOString() };
  });
  return { jwks: { keys }, retiring };
}

interface NamedKey {
  readonly kid: string;
  readonly key: JWK;
  /** The same for the same key (RFC 7638) or certificate (RFC 8705 §3.1), whatever it is called. */
  readonly thumbprint: string;
}

function named(keys: readonly JWK[]): Promise<readonly NamedKey[]> {
  return Promise.all(
    keys.map(async (key) => ({
      kid: key.kid ?? '',
      key,
      thumbprint: thumbprintOfKey(key) ?? (await calculateJwkThumbprint(key)),
    })),
  );
}

function refuse(pointer: string, detail: string): never {
  throw new Failure('invalid_request', { detail, fields: [{ pointer, code: 'invalid', detail }] });
}
