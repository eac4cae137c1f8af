import { createSecretKey } from 'node:crypto';
import { newId } from '../../kernel/ids.js';
import { isMarked } from './canary-mark.js';

const key = createSecretKey(Buffer.alloc(32, 7));
const other = createSecretKey(Buffer.alloc(32, 8));
const AT = Date.parse('2026-11-30T10:00:00Z');

describe('the mark of a canary', () => {
  it('is that of few ids', () => {
    const ids = Array.from({ length: 100_000 }, () => newId<'any'>(AT));
    // One and a half are to be expected; twenty happen to nobody.
    expect(ids.filter((id) => isMarked(key, 'candidate', id)).length).toBeLessThan(20);
  });

  it('is there for whoever has the key, and is another for each kind of id', () => {
    const marked = '01900000-0000-7000-8000-000000130865';
    expect(isMarked(key, 'candidate', marked)).toBe(true);
    expect(isMarked(key, 'application', marked)).toBe(false);
    expect(isMarked(other, 'candidate', marked)).toBe(false);
    expect(isMarked(key, 'candidate', '01900000-0000-7000-8000-000000130866')).toBe(false);
  });
});
