import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { currentNonce, isFreshNonce } from './nonces.js';

const WINDOW_MS = 120_000;
const key = createSecretKey(Buffer.alloc(32, 1));
const moments = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2100, 0, 1) });
const windowOf = (moment: number): number => Math.floor(moment / WINDOW_MS);

describe('a nonce', () => {
  it('is good in its window and the next, neither before nor after', () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: -3 * WINDOW_MS, max: 4 * WINDOW_MS }), (made, later) => {
        const nonce = currentNonce(key, new Date(made));
        const windows = windowOf(made + later) - windowOf(made);
        expect(isFreshNonce(key, new Date(made + later), nonce)).toBe(windows === 0 || windows === 1);
      }),
    );
  });

  it('lasts for two minutes at least', () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: 0, max: WINDOW_MS }), (made, later) => {
        expect(isFreshNonce(key, new Date(made + later), currentNonce(key, new Date(made)))).toBe(true);
      }),
    );
  });

  it('of another key is none', () => {
    const other = createSecretKey(Buffer.alloc(32, 2));
    fc.assert(
      fc.property(moments, (made) => {
        expect(isFreshNonce(key, new Date(made), currentNonce(other, new Date(made)))).toBe(false);
      }),
    );
  });

  it('is nothing that somebody makes up', () => {
    fc.assert(
      fc.property(moments, fc.oneof(fc.string(), fc.base64String()), (made, text) => {
        expect(isFreshNonce(key, new Date(made), text)).toBe(false);
      }),
    );
  });
});
