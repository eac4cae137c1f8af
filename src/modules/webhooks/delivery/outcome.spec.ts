import { resultOf } from './outcome.js';

const NOW = new Date('2026-11-30T09:00:00.000Z');
const answered = (status: number, retryAfter?: string) =>
  resultOf({ kind: 'answered', status, retryAfter }, NOW);

describe('how an attempt has ended', () => {
  it.each([
    ['delivered', [200, 202, 204, 299]],
    ['redirected', [300, 301, 302, 303, 307, 308, 399]],
    ['gone', [410]],
    ['status_refused', [100, 199, 400, 401, 404, 409, 411, 429, 500, 503, 599]],
  ])('is %s by the status alone', (outcome, statuses) => {
    for (const status of statuses)
      expect(answered(status)).toEqual({ outcome, httpStatus: status, retryAfterMs: null });
  });

  it('tells how long the receiver asks to be left alone', () => {
    expect(answered(503, '30')).toMatchObject({ retryAfterMs: 30_000 });
  });

  it('is a failure without a status where there was no answer', () => {
    const failed = resultOf({ kind: 'failed', reason: 'timed_out' }, NOW);
    expect(failed).toEqual({ outcome: 'timed_out', httpStatus: null, retryAfterMs: null });
    expect(resultOf('address_not_allowed', NOW)).toMatchObject({ outcome: 'address_not_allowed' });
  });
});
