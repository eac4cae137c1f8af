import { VACANCY_STATUSES } from './vacancy.js';
import { afterMove } from './vacancy.machine.js';

describe('the vacancy’s states', () => {
  const allowed = new Map([
    ['draft publish', 'published'],
    ['closed publish', 'published'],
    ['published close', 'closed'],
    ['draft archive', 'archived'],
    ['published archive', 'archived'],
    ['closed archive', 'archived'],
  ]);
  const pairs = VACANCY_STATUSES.flatMap((status) =>
    (['publish', 'close', 'archive'] as const).map((move) => [status, move] as const),
  );

  it.each(pairs)('%s, %s', (status, move) => {
    expect(afterMove(status, move)).toBe(allowed.get(`${status} ${move}`));
  });
});
