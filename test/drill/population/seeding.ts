import { newId } from '../../../src/kernel/ids.js';
import type { Report } from '../../../src/sealing/index.js';
import { openAccounts } from './accounts.ts';
import { writeApplications } from './applications.ts';
import type { Candidate, Ground } from './candidate.ts';
import { attachDocuments, uploadDocuments } from './documents.ts';
import { giveKeys, writeProfiles } from './keys-and-profiles.ts';

/** Who is to be a candidate, and what has become of their application. */
export interface Wish extends Omit<Candidate, 'id' | 'application' | 'isCanary'> {
  /** Somebody who can sign in and be written to, and whose submission stands in the ledger. */
  readonly hasAccount: boolean;
}

/** As many as a process keeps keys of at once. */
const BATCH = 500;

/**
 * Candidates with keys, profiles, applications and accounts of their own, all of it sealed by the product itself and
 * written many rows at a time: what a year of sign-ups would have left.
 */
export async function seedCandidates(
  ground: Ground,
  wishes: readonly Wish[],
  report: Report,
): Promise<readonly Candidate[]> {
  const candidates: Candidate[] = [];
  report(0, wishes.length);
  for (let at = 0; at < wishes.length; at += BATCH) {
    const now = Date.now();
    const batch = wishes.slice(at, at + BATCH).map(({ hasAccount, ...wish }) => ({
      hasAccount,
      candidate: {
        ...wish,
        id: newId<'candidate'>(now),
        application: newId<'application'>(now),
        isCanary: false,
      },
    }));
    const everybody = batch.map(({ candidate }) => candidate);
    await giveKeys(ground, everybody);
    await writeProfiles(ground, everybody);
    const holders = batch.filter(({ hasAccount }) => hasAccount).map(({ candidate }) => candidate);
    const documents = await uploadDocuments(ground, holders);
    await writeApplications(ground, everybody, documents);
    await attachDocuments(ground, holders, documents);
    await openAccounts(ground, holders);
    candidates.push(...everybody);
    report(candidates.length, wishes.length);
  }
  return candidates;
}
