import fc from 'fast-check';
import { signingOrder } from './signing-order.js';

const NOW = new Date('2026-11-25T10:00:00Z');
const before = (seconds: number): { createdAt: Date } => ({
  createdAt: new Date(NOW.getTime() - seconds * 1_000),
});

describe('the order of signing keys', () => {
  it('begins with the newest that every process has had the time to publish', () => {
    const [old, present, next] = [before(86_400), before(120), before(119)];
    expect(signingOrder([next, old, present], NOW)).toEqual([present, old, next]);
    expect(signingOrder([next, old, present], new Date(NOW.getTime() + 1_000))).toEqual([next, present, old]);
  });

  it('begins with what there is when nothing is published yet', () => {
    expect(signingOrder([before(0)], NOW)).toEqual([before(0)]);
    expect(signingOrder([before(1), before(60)], NOW)).toEqual([before(60), before(1)]);
    expect(signingOrder([], NOW)).toEqual([]);
  });

  it('is the same wherever and however the keys are read', () => {
    const ages = fc.uniqueArray(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(ages, fc.integer({ min: 0, max: 5 }), (seconds, turned) => {
        const keys = seconds.map(before);
        const at = turned % keys.length;
        const ordered = signingOrder(keys, NOW);
        expect(signingOrder([...keys.slice(at), ...keys.slice(0, at)], NOW)).toEqual(ordered);
        const usable = Math.min(...seconds.filter((age) => age >= 120));
        expect(ordered[0]).toEqual(before(Number.isFinite(usable) ? usable : Math.max(...seconds)));
      }),
    );
  });
});
