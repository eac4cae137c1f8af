import { Failure } from '../../kernel/errors.js';
import { APPLICATION_STATUSES, type ApplicationStatus } from './application.machine.js';
import { nextAttempt } from './attempts.policy.js';

function outcome(earlier: readonly ApplicationStatus[]): number | string {
  try {
    return nextAttempt(earlier);
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
}

const OPEN = ['draft', 'submitted', 'under_review', 'shortlisted', 'interview', 'offered', 'accepted'];

describe('applying again', () => {
  it('is for whoever has withdrawn, once', () => {
    expect(outcome([])).toBe(1);
    expect(outcome(['withdrawn'])).toBe(2);
    expect(outcome(['withdrawn', 'withdrawn'])).toBe('reapplication_refused');
  });

  it.each(APPLICATION_STATUSES.filter((status) => status !== 'withdrawn'))(
    'is for nobody whose application is or was %s',
    (status) => {
      const expected = OPEN.includes(status) ? 'application_exists' : 'reapplication_refused';
      expect(outcome([status])).toBe(expected);
      expect(outcome(['withdrawn', status])).toBe(expected);
    },
  );
});
