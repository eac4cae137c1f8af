import fc from 'fast-check';
import type { JWK } from 'jose';
import { Failure } from '../../../kernel/errors.js';
import { jwsKey } from '../../../../test/support/jws.js';
import type { ClientMetadata } from './client-metadata.js';
import { keysAt } from './client-rules.js';
import { replaceKeys } from './key-replacement.js';

const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;
const at = (hours: number): Date => new Date(START + hours * HOUR);

/** RSA keys of which only the form matters here: no signature is made with them. */
const numbered = (index: number): JWK => ({
  kty: 'RSA',
  kid: `k${index}`,
  alg: 'PS256',
  use: 'sig',
  e: 'AQAB',
  n: Buffer.alloc(256, index + 1).toString('base64url'),
});
const clientWith = (...keys: readonly JWK[]): ClientMetadata => ({
  name: 'Essai',
  scopes: ['vacancies:read'],
  jwks: { keys },
  retiring: [],
});
const kidsAt = (metadata: ClientMetadata, now: Date): readonly string[] =>
  keysAt(metadata, now)
    .map(({ kid }) => String(kid))
    .toSorted();

async function placeOf(replacing: Promise<unknown>): Promise<string | undefined> {
  try {
    await replacing;
    return undefined;
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'invalid_request') throw error;
    return error.fields[0]?.pointer;
  }
}

describe('a replacement of keys', () => {
  it('leaves the old key beside the new one until the moment, and not at it', async () => {
    const before = clientWith(numbered(0));
    const after = { ...before, ...(await replaceKeys(before, [numbered(1)], at(24), at(0))) };
    expect(kidsAt(after, at(0))).toEqual(['k0', 'k1']);
    expect(kidsAt(after, new Date(at(24).getTime() - 1))).toEqual(['k0', 'k1']);
    expect(kidsAt(after, at(24))).toEqual(['k1']);
  });

  it.each([
    ['now', 0],
    ['past', -1],
  ])('keeps nothing of the old key when the moment is %s', async (_, hours) => {
    const before = clientWith(numbered(0));
    const after = await replaceKeys(before, [numbered(1)], at(hours), at(0));
    expect(after).toEqual({ jwks: { keys: [numbered(1)] }, retiring: [] });
  });

  it('never makes a key last longer than an earlier replacement said', async () => {
    const first = clientWith(numbered(0));
    const second = { ...first, ...(await replaceKeys(first, [numbered(1)], at(2), at(0))) };
    const third = { ...second, ...(await replaceKeys(second, [numbered(2)], at(48), at(1))) };
    expect(kidsAt(third, at(1))).toEqual(['k0', 'k1', 'k2']);
    expect(kidsAt(third, at(2))).toEqual(['k1', 'k2']);
  });

  it.each([
    ['the old name on another key', [{ ...numbered(1), kid: 'k0' }], '/jwks/keys/0'],
    ['the old key under another name', [numbered(2), { ...numbered(0), kid: 'new' }], '/jwks/keys/1'],
    ['too many with those of before', Array.from({ length: 10 }, (_, n) => numbered(n + 1)), '/jwks/keys'],
  ])('refuses %s', async (_, keys, place) => {
    expect(await placeOf(replaceKeys(clientWith(numbered(0)), keys, at(1), at(0)))).toBe(place);
  });

  it('refuses the old key under another name when it is to end at once, too', async () => {
    const keys = [{ ...numbered(0), kid: 'new' }];
    expect(await placeOf(replaceKeys(clientWith(numbered(0)), keys, at(0), at(0)))).toBe('/jwks/keys/0');
  });

  it('overlaps for ninety days at most', async () => {
    const before = clientWith(jwsKey('ES256').publicJwk);
    const replaced = (hours: number) => replaceKeys(before, [numbered(1)], at(hours), at(0));
    expect(await placeOf(replaced(90 * 24))).toBeUndefined();
    expect(await placeOf(replaced(90 * 24 + 1))).toBe('/oldKeysUntil');
  });

  it('leaves exactly the keys that count, whatever follows whatever', async () => {
    const step = fc.record({
      keys: fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 4 }),
      overlap: fc.integer({ min: -2, max: 30 }),
      pause: fc.integer({ min: 0, max: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        let hour = 0;
        let metadata = clientWith(numbered(0));
        let model = new Map([['k0', Number.POSITIVE_INFINITY]]);
        for (const { keys, overlap, pause } of steps) {
          hour += pause;
          const present = [...model].filter(([, end]) => end > hour);
          const incoming = keys.map(numbered);
          const replaced = await replaceKeys(metadata, incoming, at(hour + overlap), at(hour));
          metadata = Object.assign(clientWith(), replaced);
          model = new Map([
            ...present.map(([kid, end]): [string, number] => [kid, Math.min(end, hour + overlap)]),
            ...keys.map((key): [string, number] => [`k${key}`, Number.POSITIVE_INFINITY]),
          ]);
          for (const later of [hour, hour + 1, hour + 15, hour + 40]) {
            const expected = [...model].filter(([, end]) => end > later).map(([kid]) => kid);
            expect(kidsAt(metadata, at(later))).toEqual(expected.toSorted());
          }
        }
      }),
    );
  });
});
