import fc from 'fast-check';
import { calculateJwkThumbprint } from 'jose';
import { accessTokenHash, jws, jwsKey, shortKey } from '../../../../test/support/jws.js';
import { checkProof, type ProofProblem } from './proof.js';
import { embeddedKey } from './proof-keys.js';

const NOW = new Date('2026-11-25T10:00:00Z');
const SECONDS = NOW.getTime() / 1_000;
const SUBJECT = {
  method: 'GET',
  url: 'https://recrutement.example.fr/v1/agency/vacancies?limit=2',
  accessToken: 'Jk3pB0y0cJ2mGZ5eQqXg3mYH7o9o4b1kqk1m1nq2v5o',
  now: NOW,
};
const KEY = jwsKey('ES256');
const OTHER = jwsKey('ES256');

const claims = (changes: object = {}): object => ({
  jti: 'a1',
  htm: 'GET',
  htu: 'https://recrutement.example.fr/v1/agency/vacancies',
  iat: SECONDS,
  ath: accessTokenHash(SUBJECT.accessToken),
  nonce: 'n',
  ...changes,
});

const header = (changes: object = {}): object => ({
  typ: 'dpop+jwt',
  alg: 'ES256',
  jwk: KEY.publicJwk,
  ...changes,
});

const proof = (changes: object = {}, head: object = {}, key = KEY): string =>
  jws(header(head), claims(changes), key);

const ofKey = (alg: string): string => {
  const key = jwsKey(alg);
  return proof({}, { alg, jwk: key.publicJwk }, key);
};

const without = (member: string, from: object): object =>
  Object.fromEntries(Object.entries(from).filter(([name]) => name !== member));

const cut = (text: string): string =>
  `${text.slice(0, -8)}${text.endsWith('AAAAAAAA') ? 'B' : 'A'.repeat(8)}`;

describe('the key of a proof', () => {
  it('is remembered once it has signed one, and not before', async () => {
    const key = jwsKey('ES256');
    const shown = { alg: 'ES256', jwk: key.publicJwk };
    expect(await checkProof(proof({}, shown, OTHER), SUBJECT)).toBe('proof_malformed');
    expect(await embeddedKey(shown)).not.toBe(await embeddedKey(shown));
    expect(await checkProof(proof({}, shown, key), SUBJECT)).toMatchObject({ jti: 'a1' });
    expect(await embeddedKey(shown)).toBe(await embeddedKey(shown));
  });
});

describe('checkProof accepts', () => {
  it.each(['ES256', 'PS256', 'EdDSA', 'Ed25519'])('a proof by %s', async (alg) => {
    expect(await checkProof(ofKey(alg), SUBJECT)).toMatchObject({ jti: 'a1', nonce: 'n' });
  });

  it('the proofs of each key under its own thumbprint, the first as the second (RFC 7638)', async () => {
    const keys = [KEY, OTHER, jwsKey('Ed25519')];
    for (const key of [...keys, ...keys]) {
      const thumbprint = await calculateJwkThumbprint(key.publicJwk);
      const one = proof({}, { alg: key.alg, jwk: key.publicJwk }, key);
      expect(await checkProof(one, SUBJECT)).toEqual({ thumbprint, jti: 'a1', nonce: 'n' });
    }
    expect(await checkProof(proof({}, { jwk: OTHER.publicJwk }), SUBJECT)).toBe('proof_malformed');
  });

  it('the published example up to the token, which it has none of (RFC 9449 §4.2)', async () => {
    const published =
      'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg';
    const subject = {
      method: 'POST',
      url: 'https://server.example.com/token',
      accessToken: 'x',
      now: new Date(1_562_262_616_000),
    };
    expect(await checkProof(published, subject)).toBe('proof_token');
    expect(await checkProof(cut(published), subject)).toBe('proof_malformed');
  });

  it.each<[string, object]>([
    ['the address with a query and a fragment', { htu: `${SUBJECT.url}#top` }],
    ['a scheme and host in capitals', { htu: 'HTTPS://Recrutement.Example.FR/v1/agency/vacancies' }],
    ['the default port', { htu: 'https://recrutement.example.fr:443/v1/agency/vacancies' }],
    ['dots in the path', { htu: 'https://recrutement.example.fr/v1/x/../agency/./vacancies' }],
    ['letters that need no escape', { htu: 'https://recrutement.example.fr/v1/%61gency/vacancies' }],
    ['a time 300 seconds behind', { iat: SECONDS - 300 }],
    ['a time 300 seconds ahead', { iat: SECONDS + 300 }],
    ['an expiry to come and a beginning past', { exp: SECONDS + 60, nbf: SECONDS - 60 }],
    ['claims that nobody asked for', { iss: 'x', sub: 'y', aud: 'z', extra: { a: [1] } }],
    ['an identifier of 256 characters', { jti: 'j'.repeat(256) }],
    ['no nonce, which the caller sees to', { nonce: undefined }],
  ])('%s', async (_, changes) => {
    expect(await checkProof(proof(changes), SUBJECT)).toHaveProperty('thumbprint');
  });
});

describe('checkProof refuses', () => {
  const short = shortKey();
  const rows: readonly [string, ProofProblem, string][] = [
    ['what is no JWT', 'proof_malformed', 'x'],
    ['nothing', 'proof_malformed', ''],
    ['two proofs in one header', 'proof_malformed', `${proof()}, ${proof({ jti: 'a2' })}`],
    ['one that is too long', 'proof_malformed', proof({ extra: 'x'.repeat(8_192) })],
    ['another type', 'proof_malformed', proof({}, { typ: 'jwt' })],
    ['no type', 'proof_malformed', jws(without('typ', header()), claims(), KEY)],
    ['no algorithm', 'proof_malformed', jws(without('alg', header()), claims(), KEY)],
    ['no key', 'proof_malformed', jws(without('jwk', header()), claims(), KEY)],
    ['a key that is text', 'proof_malformed', proof({}, { jwk: JSON.stringify(KEY.publicJwk) })],
    ['a private key', 'proof_malformed', proof({}, { jwk: KEY.privateJwk })],
    [
      'a symmetric key',
      'proof_malformed',
      proof({}, { jwk: { kty: 'oct', k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMko' } }),
    ],
    ['a key too short', 'proof_malformed', proof({}, { alg: 'PS256', jwk: short.publicJwk }, short)],
    ['an extension that it does not know', 'proof_malformed', proof({}, { crit: ['x'], x: 1 })],
    ...['RS256', 'ES384', 'HS256', 'none'].map((alg): [string, ProofProblem, string] => [
      `the algorithm ${alg}`,
      'proof_malformed',
      ofKey(alg),
    ]),
    ['the algorithm of another key', 'proof_malformed', proof({}, { alg: 'EdDSA' })],
    ['a signature of another key', 'proof_malformed', proof({}, {}, OTHER)],
    ['a signature cut off', 'proof_malformed', proof().replace(/[^.]*$/, '')],
    ['a signature altered', 'proof_malformed', cut(proof())],
    ['a nonce that is a number', 'proof_malformed', proof({ nonce: 1 })],
    ['an expiry long past', 'proof_malformed', proof({ exp: SECONDS - 301 })],
    ['a beginning far ahead', 'proof_malformed', proof({ nbf: SECONDS + 301 })],
    ['an expiry that is text', 'proof_malformed', proof({ exp: 'soon' })],
    ['no identifier', 'proof_identifier', proof({ jti: undefined })],
    ['an empty identifier', 'proof_identifier', proof({ jti: '' })],
    ['an identifier that is a number', 'proof_identifier', proof({ jti: 1 })],
    ['an identifier of 257 characters', 'proof_identifier', proof({ jti: 'j'.repeat(257) })],
    ['no method', 'proof_method', proof({ htm: undefined })],
    ['another method', 'proof_method', proof({ htm: 'POST' })],
    ['the method in small letters', 'proof_method', proof({ htm: 'get' })],
    ['no address', 'proof_url', proof({ htu: undefined })],
    ['what is no address', 'proof_url', proof({ htu: '/v1/agency/vacancies' })],
    ['a list of addresses', 'proof_url', proof({ htu: [SUBJECT.url] })],
    ['another scheme', 'proof_url', proof({ htu: SUBJECT.url.replace('https', 'http') })],
    ['another host', 'proof_url', proof({ htu: SUBJECT.url.replace('.fr', '.com') })],
    ['another port', 'proof_url', proof({ htu: SUBJECT.url.replace('.fr', '.fr:8443') })],
    ['another path', 'proof_url', proof({ htu: `${SUBJECT.url.split('?')[0] ?? ''}/` })],
    ['a path in other letters', 'proof_url', proof({ htu: SUBJECT.url.replace('agency', 'Agency') })],
    ['a slash that is escaped', 'proof_url', proof({ htu: SUBJECT.url.replace('/agency', '%2Fagency') })],
    ['no time', 'proof_time', proof({ iat: undefined })],
    ['a time 301 seconds behind', 'proof_time', proof({ iat: SECONDS - 301 })],
    ['a time 301 seconds ahead', 'proof_time', proof({ iat: SECONDS + 301 })],
    ['a time that is text', 'proof_malformed', proof({ iat: String(SECONDS) })],
    ['no token', 'proof_token', proof({ ath: undefined })],
    ['another token', 'proof_token', proof({ ath: accessTokenHash('another') })],
    ['the token itself', 'proof_token', proof({ ath: SUBJECT.accessToken })],
  ];

  it.each(rows)('%s', async (_, problem, given) => {
    expect(await checkProof(given, SUBJECT)).toBe(problem);
  });

  it('whatever else is sent, without ever failing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json(), fc.base64String()), async (text) => {
        expect(await checkProof(`${text}.${text}.${text}`, SUBJECT)).toBe('proof_malformed');
      }),
    );
  });
});

describe('an address', () => {
  it('is the same however its path is escaped, and no other (RFC 3986 §6.2.2)', async () => {
    const escaped = (text: string, upper: boolean): string =>
      [...Buffer.from(text)]
        .map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
        .map((code) => (upper ? code.toUpperCase() : code))
        .join('');
    const segment = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(segment, fc.boolean(), async (text, upper) => {
        fc.pre(text.isWellFormed() && text !== '.' && text !== '..');
        const shown = encodeURIComponent(text).replace(/[!'()*]/g, (sign) => escaped(sign, true));
        const url = `https://recrutement.example.fr/v1/${shown}`;
        const htu = `https://recrutement.example.fr/v1/${escaped(text, upper)}`;
        const subject = { ...SUBJECT, url };
        expect(await checkProof(proof({ htu }), subject)).toHaveProperty('thumbprint');
        expect(await checkProof(proof({ htu: `${htu}%41` }), subject)).toBe('proof_url');
      }),
    );
  });
});
