import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  APPLICATION_STATUSES,
  findTransition,
  isOver,
  lapsingFor,
  MOVERS,
  nextStatuses,
  TRANSITIONS,
} from './application.machine.js';

// The contract's picture (api.md, "Application states"), written out apart from the table under test.
const PICTURE: Record<string, Record<string, string>> = {
  candidate: {
    draft: 'submitted',
    submitted: 'withdrawn',
    under_review: 'withdrawn',
    shortlisted: 'withdrawn',
    interview: 'withdrawn',
    offered: 'accepted declined withdrawn',
    accepted: 'withdrawn',
  },
  agency: {
    submitted: 'under_review rejected',
    under_review: 'shortlisted rejected',
    shortlisted: 'interview rejected',
    interview: 'offered rejected',
    accepted: 'hired',
  },
  system: {
    submitted: 'lapsed',
    under_review: 'lapsed',
    shortlisted: 'lapsed',
    interview: 'lapsed',
    offered: 'lapsed',
  },
};
const READ = 'profile_mismatch position_filled incomplete not_eligible other';
/** What has to be said why, likewise. */
const WHY: Record<string, string> = {
  'submitted rejected': READ,
  'under_review rejected': READ,
  'shortlisted rejected': READ,
  'interview rejected': `interview_inconclusive ${READ}`,
  'submitted lapsed': 'vacancy_archived',
  'under_review lapsed': 'vacancy_archived',
  'shortlisted lapsed': 'vacancy_archived',
  'interview lapsed': 'vacancy_archived',
  'offered lapsed': 'offer_unanswered',
};

const CASES = MOVERS.flatMap((by) =>
  APPLICATION_STATUSES.flatMap((from) =>
    APPLICATION_STATUSES.map((to) => ({
      by,
      from,
      to,
      allowed: (PICTURE[by]?.[from] ?? '').split(' ').includes(to),
    })),
  ),
);

describe('the application’s states', () => {
  it('allow what the picture shows and refuse every other pair, for every mover', () => {
    expect(CASES).toHaveLength(3 * 12 * 12);
    const wrong = CASES.filter(
      ({ by, from, to, allowed }) => (findTransition(from, to, by) !== undefined) !== allowed,
    );
    expect(wrong).toEqual([]);
    expect(TRANSITIONS).toHaveLength(CASES.filter(({ allowed }) => allowed).length);
  });

  it('demand for each end that somebody may ask about one of its own reasons, and for nothing else', () => {
    for (const { from, to, reasons } of TRANSITIONS)
      expect([from, to, reasons.join(' ')]).toEqual([from, to, WHY[`${from} ${to}`] ?? '']);
    expect(lapsingFor('vacancy_archived')).toEqual(['submitted', 'under_review', 'shortlisted', 'interview']);
    expect(lapsingFor('offer_unanswered')).toEqual(['offered']);
  });

  it('take an answer’s deadline with an offer, feedback with a rejection, and nothing else', () => {
    const takes: Record<string, string> = { offered: 'answer_by', rejected: 'feedback' };
    for (const { to, by, takes: taken } of TRANSITIONS)
      expect([by, to, taken]).toEqual([by, to, (by === 'agency' ? takes[to] : undefined) ?? 'nothing']);
  });

  it('tell the candidate what they have come to, and an unanswered offer apart from an archived vacancy', () => {
    for (const { from, to, mail } of TRANSITIONS)
      expect([from, to, mail]).toEqual([from, to, from === 'offered' && to === 'lapsed' ? 'unanswered' : to]);
  });

  it('are those that the documentation shows', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/applications.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` +\| `(\w+)` +\| `(candidate|agency|system)` +\|/gm)];
    expect(rows.map(([, from, to, by]) => `${from} ${to} ${by}`)).toEqual(
      TRANSITIONS.map(({ from, to, by }) => `${from} ${to} ${by}`),
    );
  });

  it('end in every final state for good', () => {
    expect(APPLICATION_STATUSES.filter(isOver)).toEqual([
      'hired',
      'declined',
      'rejected',
      'withdrawn',
      'lapsed',
    ]);
  });

  it('lead from a draft to an end, whatever is done, and never back', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (choices) => {
        let status: (typeof APPLICATION_STATUSES)[number] = 'draft';
        const seen = new Set<string>([status]);
        for (const choice of choices) {
          const next = MOVERS.flatMap((by) => nextStatuses(status, by));
          const to = next[choice % Math.max(1, next.length)];
          if (to === undefined) break;
          expect(seen.has(to)).toBe(false);
          seen.add(to);
          status = to;
        }
        expect(isOver(status)).toBe(true);
      }),
    );
  });
});
