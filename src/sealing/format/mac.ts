import { createHmac, type KeyObject } from 'node:crypto';

export type Hash = 'sha256' | 'sha512';

/** HMAC (RFC 2104), never truncated. */
export function hmac(hash: Hash, key: KeyObject, ...parts: readonly Buffer[]): Buffer {
  const mac = createHmac(hash, key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}
