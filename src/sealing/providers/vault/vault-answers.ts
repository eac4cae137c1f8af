import { ProviderFault } from '../provider-fault.js';

/** What Vault says about one item of a batch: what was asked for, or its own words for why not. */
export type ItemAnswer =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly error: string };

/** What Vault tells about a Transit key. */
export interface TransitKey {
  readonly latest: number;
  /** Lower versions are archived: they do not decrypt, but could again. */
  readonly leastDecrypting: number;
  readonly leastEncrypting: number;
  /** Lower versions are destroyed. */
  readonly leastAvailable: number;
  /** Whether each item's `context` gives it a key of its own; otherwise Vault would ignore the context. */
  readonly derived: boolean;
}

/** A token with the time for which Vault lends it. */
export interface VaultToken {
  readonly token: string;
  /** Zero: it does not end. */
  readonly seconds: number;
  readonly renewable: boolean;
}

/** @throws ProviderFault when the answer is none, or not for as many items as were sent */
export function readBatch(answer: unknown, wanted: 'ciphertext' | 'plaintext', items: number): ItemAnswer[] {
  const results = member(member(answer, 'data'), 'batch_results');
  if (!Array.isArray(results) || results.length !== items) throw incomplete();
  return results.map((result: unknown): ItemAnswer => {
    const [error, text] = [member(result, 'error'), member(result, wanted)];
    if (typeof error === 'string' && error !== '') return { ok: false, error };
    if (typeof text !== 'string') throw incomplete();
    return { ok: true, text };
  });
}

/** Whether a refusal is one of single items, told batch by batch, and not of the whole request. */
export function hasBatchResults(answer: unknown): boolean {
  return Array.isArray(member(member(answer, 'data'), 'batch_results'));
}

export function readTransitKey(answer: unknown): TransitKey {
  const data = member(answer, 'data');
  const least = (name: string): number => {
    const value = member(data, name);
    return typeof value === 'number' ? value : 0;
  };
  const latest = least('latest_version');
  if (latest < 1) throw incomplete();
  return {
    latest,
    leastDecrypting: least('min_decryption_version'),
    leastEncrypting: least('min_encryption_version'),
    leastAvailable: least('min_available_version'),
    derived: member(data, 'derived') === true,
  };
}

/** Answers of logins and renewals. */
export function readLease(answer: unknown): VaultToken {
  const auth = member(answer, 'auth');
  const [token, seconds] = [member(auth, 'client_token'), member(auth, 'lease_duration')];
  if (typeof token !== 'string' || typeof seconds !== 'number') throw incomplete();
  return { token, seconds, renewable: member(auth, 'renewable') === true };
}

/** The answer about a token of ours that was not got by a login. */
export function readLookup(answer: unknown, token: string): VaultToken {
  const data = member(answer, 'data');
  const seconds = member(data, 'ttl');
  if (typeof seconds !== 'number') throw incomplete();
  return { token, seconds, renewable: member(data, 'renewable') === true };
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function incomplete(): ProviderFault {
  return new ProviderFault('an answer that is not one of Vault', { transient: true });
}
