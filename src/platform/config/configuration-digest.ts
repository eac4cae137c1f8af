import { createHash } from 'node:crypto';
import type { Settings } from './settings.js';

/** Members that say nothing of how the product is configured, and could be guessed from a digest of little else. */
const SECRET = /secret$/i;

/**
 * SHA-256 in base64url over every setting, so that two processes, or one before and after a change, can be told to be
 * configured alike. Credentials are left out, those within URLs too.
 */
export function configurationDigest(settings: Settings): string {
  return createHash('sha256')
    .update(JSON.stringify(withoutSecrets(settings)))
    .digest('base64url');
}

function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return withoutCredentials(value);
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value)
    .filter(([name]) => !SECRET.test(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, withoutSecrets(member)]));
}

function withoutCredentials(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  url.username = '';
  url.password = '';
  return url.href;
}
