import { type KeyObject, verify } from 'node:crypto';
import { publicKeyFromRaw } from '../merkle/index.js';

/** @param key raw Ed25519 public key in base64url */
export function isSignedBy(bytes: Buffer, signature: Buffer, key: string): boolean {
  return verify(null, bytes, keyFrom(key), signature);
}

/** What carries a signature of a stream. */
interface Signed {
  readonly bytes: Buffer;
  readonly signature: Buffer;
}

/** What is part of a contiguous stream as well. */
interface Linked extends Signed {
  readonly n: number;
  readonly digest: Buffer;
  /** SHA-256 of the entry before, in base64url. */
  readonly previous: string | undefined;
}

/** Checks one by one, on the thread pool. @returns those that this key has signed */
export async function signedBy<T extends Signed>(entries: readonly T[], key: string): Promise<readonly T[]> {
  const publicKey = keyFrom(key);
  const results = await Promise.all(entries.map((entry) => holds(entry, publicKey)));
  return entries.filter((_, at) => results[at] === true);
}

/**
 * Each entry of a contiguous stream names the hash of the one before, so the signature of the last of a run vouches
 * for every entry of it: nobody but the stream's writer can have made any. Where it does not hold, each is checked alone.
 * @param entries of one stream, by number
 */
export async function vouchedFor<T extends Linked>(
  entries: readonly T[],
  key: string,
): Promise<readonly T[]> {
  const publicKey = keyFrom(key);
  const checked = await Promise.all(
    runsOf(entries).map(async (run) => {
      const last = run.at(-1);
      return last !== undefined && (await holds(last, publicKey)) ? run : signedBy(run, key);
    }),
  );
  return checked.flat();
}

function runsOf<T extends Linked>(entries: readonly T[]): readonly (readonly T[])[] {
  const runs: T[][] = [];
  for (const entry of entries) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    const follows =
      before !== undefined &&
      before.n + 1 === entry.n &&
      entry.previous === before.digest.toString('base64url');
    if (run !== undefined && follows) run.push(entry);
    else runs.push([entry]);
  }
  return runs;
}

const keyFrom = (key: string): KeyObject => publicKeyFromRaw(Buffer.from(key, 'base64url'));

function holds({ bytes, signature }: Signed, key: KeyObject): Promise<boolean> {
  return new Promise((resolve, reject) => {
    verify(null, bytes, key, signature, (error, result) => {
      if (error === null) resolve(result);
      else reject(error);
    });
  });
}
