import type { LedgerReader } from '../../src/ledger/index.js';
import { ACTIONS, agencyOf, clientOf, momentOf, subjectOf } from './many-entries.ts';

type Filter = Parameters<LedgerReader['list']>[0];

interface NamedFilter {
  readonly name: string;
  readonly filterOf: (round: number) => Filter;
}

/** Entries of half a day. */
const HALF_DAY = 7_200;

/** Filters of the auditor's list, alone and together, each round with other values. @param size entries in the ledger */
export function ledgerFilters(size: number): readonly NamedFilter[] {
  const place = (round: number): number => (round * 7_919) % size;
  const halfDay = (round: number): Pick<Filter, 'from' | 'to'> => {
    const first = (round * 7_919) % (size - HALF_DAY);
    return { from: momentOf(first), to: momentOf(first + HALF_DAY) };
  };
  return [
    { name: 'nothing', filterOf: () => ({}) },
    { name: 'agency', filterOf: (round) => ({ agency: agencyOf(round) }) },
    { name: 'client', filterOf: (round) => ({ client: clientOf(round) }) },
    { name: 'actor', filterOf: (round) => ({ actor: clientOf(round) }) },
    { name: 'common action', filterOf: () => ({ action: ACTIONS.common }) },
    { name: 'rare action', filterOf: () => ({ action: ACTIONS.rare }) },
    { name: 'outcome', filterOf: () => ({ outcome: 'refused' }) },
    { name: 'subject', filterOf: (round) => ({ subject: subjectOf(place(round)) }) },
    { name: 'half a day', filterOf: halfDay },
    { name: 'agency in half a day', filterOf: (round) => ({ ...halfDay(round), agency: agencyOf(round) }) },
    { name: 'agency and action', filterOf: () => ({ agency: agencyOf(2), action: ACTIONS.common }) },
    {
      name: 'subject and agency',
      filterOf: (round) => ({ subject: subjectOf(place(round)), agency: agencyOf(place(round)) }),
    },
  ];
}
