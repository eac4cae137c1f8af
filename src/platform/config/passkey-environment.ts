import type { VariableReader } from './key-provider-environment.js';
import type { PasskeySettings } from './settings.js';

/** Which domain passkeys are bound to, and which pages may ask for them; both from PUBLIC_URL unless told. */
export function readPasskeys(read: VariableReader, publicUrl: string): PasskeySettings {
  const home = URL.canParse(publicUrl) ? new URL(publicUrl) : new URL('http://localhost');
  const rpId = read.text('PASSKEY_RP_ID') || home.hostname;
  const origins = read
    .text('PASSKEY_ORIGINS')
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  const chosen = origins.length === 0 ? [home.origin] : origins;
  read.expect('PASSKEY_RP_ID', /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(rpId), 'a domain in lower case');
  read.expect(
    'PASSKEY_ORIGINS',
    origins.every((origin) => isOriginOf(origin, rpId)),
    'https: origins of PASSKEY_RP_ID or below it, separated by commas',
  );
  read.expect(
    'PASSKEY_RP_ID',
    origins.length > 0 || home.hostname === rpId || home.hostname.endsWith(`.${rpId}`),
    'the domain of PUBLIC_URL or one above it, unless PASSKEY_ORIGINS is set',
  );
  return { rpId, origins: chosen };
}

/** As a browser would write it; without TLS on this machine only (WebAuthn §13.4.9, Secure Contexts §3.1). */
function isOriginOf(origin: string, rpId: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname, origin: canonical } = new URL(origin);
  const isSecure = protocol === 'https:' || (protocol === 'http:' && hostname === 'localhost');
  return canonical === origin && isSecure && (hostname === rpId || hostname.endsWith(`.${rpId}`));
}
