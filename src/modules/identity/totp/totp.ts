import { generate, generateSecret, generateURI, verify } from 'otplib';

const ISSUER = 'Sceau';
const STEP_SECONDS = 30;
const CODE = /^\d{6}$/;

/** 160 bits in Base32 (RFC 4226 §4, R6). */
export function newTotpSecret(): string {
  return generateSecret({ length: 20 });
}

/** The `otpauth:` URI that an authenticator reads. */
export function totpUri(secret: string, email: string): string {
  return generateURI({ issuer: ISSUER, label: email, secret });
}

/** The code of a moment (RFC 6238 §4.2). */
export function totpCode(secret: string, now: Date): Promise<string> {
  return generate({ secret, epoch: Math.floor(now.getTime() / 1_000) });
}

/**
 * The time step for which a code is right: the current or the one before, never one to come (RFC 6238 §5.2).
 * @returns `undefined` for a wrong or malformed code
 */
export async function totpStep(secret: string, code: string, now: Date): Promise<number | undefined> {
  // The library throws on malformed codes; to us they are wrong ones.
  if (!CODE.test(code)) return undefined;
  const epoch = Math.floor(now.getTime() / 1_000);
  const result = await verify({ secret, token: code, epoch, epochTolerance: [STEP_SECONDS, 0] });
  return result.valid ? Math.floor(epoch / STEP_SECONDS) + result.delta : undefined;
}
