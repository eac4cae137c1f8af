import { createSecretKey } from 'node:crypto';
import { isId, newId } from '../../kernel/ids.js';
import { isMarked, markedId } from './canary-mark.js';

const key = createSecretKey(Buffer.alloc(32, 7));
const other = createSecretKey(Buffer.alloc(32, 8));
const AT = Date.parse('2026-11-30T10:00:00Z');
const ids = (make: () => string) => Array.from({ length: 2_000 }, make);

describe('the mark of a canary', () => {
  it('is seen by whoever has the key', () => {
    const marked = ids(() => markedId(key, AT));
    expect(marked.every((id) => isId(id) && isMarked(key, id))).toBe(true);
    expect(marked.some((id) => isMarked(other, id))).toBe(false);
    expect(ids(() => newId<'any'>(AT)).some((id) => isMarked(key, id))).toBe(false);
  });

  it('is that of one id: any other bit makes it nobody’s', () => {
    const id = markedId(key, AT);
    const changed = (at: number) => `${id.slice(0, at)}${id[at] === '0' ? '1' : '0'}${id.slice(at + 1)}`;
    // Dashes and the version's digit are no bits.
    const bits = [...id].flatMap((digit, at) => (digit === '-' || at === 14 ? [] : [at]));
    expect(bits.filter((at) => isMarked(key, changed(at)))).toEqual([]);
  });

  it('leaves the moment and no two alike', () => {
    const marked = ids(() => markedId(key, AT));
    expect(new Set(marked).size).toBe(marked.length);
    expect(new Set(marked.map((id) => id.slice(0, 13)))).toEqual(new Set([newId<'any'>(AT).slice(0, 13)]));
    // Each digit of the mark is as frequent as any other: 1,250 times of 20,000, give or take six deviations.
    const digits = marked.map((id) => id.slice(-10)).join('');
    for (const digit of '0123456789abcdef')
      expect(Math.abs(digits.split(digit).length - 1 - 1_250)).toBeLessThan(206);
  });
});
