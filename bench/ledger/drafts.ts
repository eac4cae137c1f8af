import type { CandidateId } from '../../src/kernel/ids.js';
import type { EntryDraft } from '../../src/ledger/index.js';
import { newId } from './rooms.ts';

const id = <Kind extends string>() => newId<Kind>(Date.now());

/** Ids of candidates who do not exist otherwise. */
export const candidates = (count: number): readonly CandidateId[] =>
  Array.from({ length: count }, () => id<'candidate'>());

const AGENCIES = Array.from({ length: 20 }, () => ({ agencyId: id<'agency'>(), clientId: id<'client'>() }));
const FIELDS = ['motivation', 'givenName', 'familyName', 'education'];
let turn = 0;

/** An agency reads a page of these candidates. */
export function reading(page: readonly CandidateId[]): EntryDraft {
  turn += 1;
  const agency = AGENCIES[turn % AGENCIES.length];
  if (agency === undefined) throw new Error('There is no agency.');
  return {
    action: 'application.disclosed',
    context: {
      requestId: id<'request'>(),
      actor: { kind: 'agency', ...agency, scopes: [] },
      locale: 'fr',
      address: '192.0.2.77',
    },
    purpose: 'review',
    subjects: page.map((candidate) => ({
      candidate,
      application: id<'application'>(),
      fields: FIELDS,
    })),
  };
}

/** Reads of one candidate after the other, over and over. */
export function readings(of: readonly CandidateId[]): () => EntryDraft {
  let next = 0;
  return () => {
    const candidate = of[next % of.length];
    next += 1;
    return reading(candidate === undefined ? [] : [candidate]);
  };
}
