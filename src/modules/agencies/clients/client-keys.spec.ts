import { jwsKey, shortKey } from '../../../../test/support/jws.js';
import { Failure } from '../../../kernel/errors.js';
import { selfSigned } from '../../../../test/support/key-services/certificate.js';
import { parseCertificates } from './client-certificates.js';
import { parseKeySet, readClientKeys } from './client-keys.js';
import type { Possession } from './possession.js';

const NOW = new Date('2026-11-25T10:00:00Z');

const named = { kid: 'k1', alg: 'ES256', use: 'sig' };
const key = jwsKey('ES256').publicJwk;

/** @returns the place that is wrong, as the caller is told */
async function placeOf(
  keys: readonly object[],
  possession: Possession = 'dpop',
): Promise<string | undefined> {
  try {
    await readClientKeys({ jwks: parseKeySet(JSON.stringify({ keys })), possession }, NOW);
    return undefined;
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'invalid_request') throw error;
    return error.fields?.[0]?.pointer;
  }
}

describe('the keys of a client', () => {
  it.each(['ES256', 'PS256', 'EdDSA', 'Ed25519'])(
    'are public keys for %s, kept without anything else',
    async (alg) => {
      const { publicJwk } = jwsKey(alg);
      const given = {
        ...publicJwk,
        kid: 'k1',
        alg,
        use: 'sig',
        x5c: ['x'],
        name: 'Clé',
        key_ops: ['verify'],
      };
      const { keys } = await readClientKeys({ jwks: parseKeySet(JSON.stringify({ keys: [given] })) }, NOW);
      expect(keys).toEqual([{ ...publicJwk, kid: 'k1', alg, use: 'sig' }]);
    },
  );

  it('are ten at most, each with a name of its own', async () => {
    const many = Array.from({ length: 11 }, (_, index) => ({ ...key, ...named, kid: `k${index}` }));
    expect(await placeOf(many.slice(0, 10))).toBeUndefined();
    expect(await placeOf(many)).toBe('/jwks/keys');
    expect(await placeOf([])).toBe('/jwks/keys');
    expect(
      await placeOf([
        { ...key, ...named },
        { ...key, ...named },
      ]),
    ).toBe('/jwks/keys');
  });

  it.each<[string, object]>([
    ['private', { ...jwsKey('ES256').privateJwk, ...named }],
    ['private, of RSA', { ...jwsKey('PS256').privateJwk, ...named, alg: 'PS256' }],
    ['symmetric', { kty: 'oct', k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMko', ...named }],
    ['without a name', { ...key, alg: 'ES256' }],
    ['with an empty name', { ...key, ...named, kid: '' }],
    ['with a name that is too long', { ...key, ...named, kid: 'k'.repeat(129) }],
    ['with a name that is a number', { ...key, ...named, kid: 1 }],
    ['without an algorithm', { ...key, kid: 'k1' }],
    ['for RS256', { ...jwsKey('RS256').publicJwk, ...named, alg: 'RS256' }],
    ['for ES384', { ...jwsKey('ES384').publicJwk, ...named, alg: 'ES384' }],
    ['for HS256', { ...key, ...named, alg: 'HS256' }],
    ['for nothing', { ...key, ...named, alg: 'none' }],
    ['of another kind than its algorithm’s', { ...key, ...named, alg: 'PS256' }],
    ['of another curve than its algorithm’s', { ...jwsKey('ES384').publicJwk, ...named }],
    ['for encryption', { ...key, ...named, use: 'enc' }],
    ['of RSA and too short', { ...shortKey().publicJwk, ...named, alg: 'PS256' }],
    ['of half a point', { ...key, ...named, y: undefined }],
    ['off its curve', { ...key, ...named, y: key.x }],
    ['that is a number', { ...key, ...named, x: 1 }],
  ])('are refused: one %s', async (_, bad) => {
    expect(await placeOf([{ ...key, ...named, kid: 'good' }, bad])).toBe('/jwks/keys/1');
  });

  it.each([
    '',
    'x',
    '[]',
    '1',
    'null',
    '{}',
    '{"keys":{}}',
    '{"keys":[1]}',
    '{"keys":[null]}',
    '{"keys":[[]]}',
  ])('are a key set, not %s', (text) => {
    expect(() => parseKeySet(text)).toThrow(Failure);
  });

  it('are never quoted when they are refused', async () => {
    const { privateJwk } = jwsKey('ES256');
    const jwks = { keys: [{ ...privateJwk, ...named }] };
    const refusal = await readClientKeys({ jwks }, NOW).catch((error: unknown) => error);
    expect(JSON.stringify(refusal)).not.toContain(privateJwk.d);
    expect(String(refusal)).not.toContain(privateJwk.d);
  });
});

describe('the certificates of a client', () => {
  const certificateAt = (time: number): object => {
    const [first = {}] = parseCertificates(selfSigned(time).certificate).keys;
    return first;
  };
  const own = certificateAt(NOW.getTime());
  const DAY = 86_400_000;

  it('are kept with their key and nothing else, however they are given', async () => {
    const chain = {
      ...own,
      kid: 'c1',
      x5c: [...Reflect.get(own, 'x5c'), 'authority'],
      alg: 'ES256',
      name: 'x',
    };
    const { keys } = await readClientKeys(
      { jwks: parseKeySet(JSON.stringify({ keys: [chain] })), possession: 'mutual_tls' },
      NOW,
    );
    expect(keys).toEqual([{ ...own, kid: 'c1' }]);
  });

  it('of a file are all of them, each under its thumbprint', () => {
    const [one, two] = [selfSigned(), selfSigned()];
    const { keys } = parseCertificates(`Préfecture\n${one.certificate}\n${two.certificate}`);
    expect(keys.map(({ kid }) => kid)).toEqual([
      expect.stringMatching(/^[\w-]{43}$/),
      expect.stringMatching(/^[\w-]{43}$/),
    ]);
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(2);
    for (const text of ['', one.key, one.certificate.replace('MII', 'AAA')])
      expect(() => parseCertificates(text)).toThrow(Failure);
  });

  it.each<[string, object]>([
    ['a key without one', { ...key, ...named }],
    ['what is none', { ...own, x5c: ['x'] }],
    ['one that is a number', { ...own, x5c: [1] }],
    ['one of another key', { ...certificateAt(NOW.getTime()), x5c: Reflect.get(own, 'x5c') }],
    ['one that has expired', certificateAt(NOW.getTime() - DAY)],
    ['one with its private key', { ...own, d: 'x' }],
    ['one without a name', { ...own, kid: undefined }],
  ])('are refused: %s', async (_, given) => {
    expect(await placeOf([given], 'mutual_tls')).toBe('/jwks/keys/0');
  });

  it('may begin to be valid later', async () => {
    expect(await placeOf([certificateAt(NOW.getTime() + DAY)], 'mutual_tls')).toBeUndefined();
  });
});
