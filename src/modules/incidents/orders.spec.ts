import { type Order, type Orders, pendingOf, withDone, withOrdered } from './orders.js';

const at = (time: string): string => `2026-11-30T${time}:00.000Z`;

const ordered = (orders: Orders, time: string): Orders =>
  withOrdered(orders, ['clients'], new Date(at(time)));
const seenThrough = (orders: Orders, begun: Orders, time: string): Orders =>
  withDone(orders, begun, ['clients'], new Date(at(time)));
const done = (orders: Orders, begin: string, end: string): Orders => {
  const begun = ordered(orders, begin);
  return seenThrough(begun, begun, end);
};

describe('what was ordered', () => {
  it('keeps when it was first ordered and done, however often it is ordered again', () => {
    expect(done(done({}, '08:00', '08:10'), '09:00', '09:10').clients).toEqual({
      firstOrderedAt: at('08:00'),
      orderedAt: at('09:00'),
      times: 2,
      doneAt: at('09:10'),
      firstDoneAt: at('08:10'),
    });
  });

  it('keeps the last times that are known of what was noted without the first', () => {
    const before: Order = { orderedAt: at('07:00'), times: 3, doneAt: at('07:10') };
    expect(done({ clients: before }, '09:00', '09:10').clients).toMatchObject({
      firstOrderedAt: at('07:00'),
      firstDoneAt: at('07:10'),
    });
  });

  it('is to be done again once it is ordered again, whatever was done before', () => {
    const begun = done({}, '08:00', '08:10');
    const again = ordered(begun, '09:00');
    expect(pendingOf(again, ['clients', 'keys'])).toEqual(['clients']);
    // Whoever saw the first through has not seen the second.
    expect(seenThrough(again, begun, '09:10')).toEqual(again);
  });
});
