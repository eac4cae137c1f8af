import { Failure } from '../../kernel/errors.js';
import {
  APPLICATION_STATUSES,
  MOVERS,
  REASONS,
  type Transition,
  TRANSITIONS,
} from './application.machine.js';
import { type Move, requireInTime, requireTransition } from './move.policy.js';

const NOW = new Date('2026-12-01T12:00:00Z');
const inHours = (hours: number): Date => new Date(NOW.getTime() + hours * 3_600_000);

/** @returns `allowed`, the code of the refusal, or the members that do not go with the step */
function outcome(from: (typeof APPLICATION_STATUSES)[number], move: Move): string {
  try {
    requireTransition(from, move, NOW);
    return 'allowed';
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.code === 'invalid_request'
      ? error.fields.map(({ pointer, code }) => `${pointer} ${code}`).join(', ')
      : error.code;
  }
}

/** What may go along with a step: every reason or none, feedback or none, a moment or none. */
const BAGGAGE = [undefined, ...REASONS].flatMap((reason) =>
  [undefined, 'Merci.'].flatMap((feedback) =>
    [undefined, inHours(72)].map((answerBy) => ({
      ...(reason === undefined ? {} : { reason }),
      ...(feedback === undefined ? {} : { feedback }),
      ...(answerBy === undefined ? {} : { answerBy }),
    })),
  ),
);

function expectedOf(row: Transition | undefined, given: (typeof BAGGAGE)[number]): string {
  if (row === undefined) return 'transition_refused';
  const { reason, feedback, answerBy } = given;
  const isWhole =
    (reason === undefined ? row.reasons.length === 0 : row.reasons.includes(reason)) &&
    (feedback === undefined || row.takes === 'feedback') &&
    (answerBy === undefined) === (row.takes !== 'answer_by');
  return isWhole ? 'allowed' : 'invalid';
}

describe('a step', () => {
  it.each(MOVERS)('of the %s is allowed with all that goes with it, and refused otherwise', (by) => {
    const steps = APPLICATION_STATUSES.flatMap((from) => APPLICATION_STATUSES.map((to) => ({ from, to })));
    const wrong = steps.flatMap(({ from, to }) => {
      const row = TRANSITIONS.find((one) => one.from === from && one.to === to && one.by === by);
      return BAGGAGE.map((given) => ({
        from,
        to,
        given,
        is: outcome(from, { to, by, ...given }).replace(/^\/.*/, 'invalid'),
        must: expectedOf(row, given),
      })).filter(({ is, must }) => is !== must);
    });
    expect(wrong).toEqual([]);
  });

  it('says which member is missing or too much', () => {
    const of = (from: (typeof APPLICATION_STATUSES)[number], move: Omit<Move, 'by'>): string =>
      outcome(from, { by: 'agency', ...move });
    expect(of('submitted', { to: 'rejected' })).toBe('/reason required');
    expect(of('submitted', { to: 'rejected', reason: 'interview_inconclusive' })).toBe('/reason not_allowed');
    expect(of('submitted', { to: 'under_review', reason: 'other', feedback: 'Merci.' })).toBe(
      '/reason not_allowed, /feedback not_allowed',
    );
    expect(of('interview', { to: 'offered' })).toBe('/answerBy required');
    expect(of('accepted', { to: 'hired', answerBy: inHours(72) })).toBe('/answerBy not_allowed');
  });

  it.each([
    [47.9, '/answerBy not_allowed'],
    [48, 'allowed'],
    [90 * 24, 'allowed'],
    [90 * 24 + 0.1, '/answerBy not_allowed'],
    [-1, '/answerBy not_allowed'],
  ])('offers with %d hours to answer: %s', (hours, expected) => {
    expect(outcome('interview', { to: 'offered', by: 'agency', answerBy: inHours(hours) })).toBe(expected);
  });

  it('answers an offer before its moment and not from then on; other steps have no such moment', () => {
    for (const to of ['accepted', 'declined'] as const) {
      expect(() => requireInTime(to, inHours(0.001), NOW)).not.toThrow();
      expect(() => requireInTime(to, NOW, NOW)).toThrow('deadline_passed');
    }
    expect(() => requireInTime('withdrawn', inHours(-1), NOW)).not.toThrow();
    expect(() => requireInTime('hired', inHours(-1), NOW)).not.toThrow();
  });
});
