import { randomUUID } from 'node:crypto';
import { jws, jwsKey } from '../../support/jws.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { type AgencyProgram, type Answer, type Claims, newProgram, newProofKey } from './agency-program.js';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const PATH = '/v1/agency/vacancies';

const seconds = (): number => Math.floor(Date.now() / 1_000);

/**
 * What the OpenID Foundation's conformance suite tests of the FAPI 2.0 Security Profile (final) with client
 * credentials, `private_key_jwt` and DPoP: its fourteen modules, by their public test plan, one `describe` or `it` each.
 */
describe('FAPI 2.0 with client credentials', () => {
  let sceau: Sceau;
  let first: AgencyProgram;
  let second: AgencyProgram;

  beforeAll(async () => {
    sceau = await startSceau();
    first = await newProgram(sceau);
    second = await newProgram(sceau, { algorithm: 'PS256' });
  }, 60_000);

  afterAll(() => sceau.stop());

  const outcome = ({ status, body }: Answer): unknown[] => [status, body['error'] ?? body['code']];
  const asserted = async (changes: Claims): Promise<Answer> =>
    first.requestToken({ assertion: await first.assertion(changes) });

  it('1. discovery: every endpoint and algorithm is named, nothing that the profile forbids', async () => {
    const response = await fetch(`${sceau.url}/.well-known/oauth-authorization-server/oauth`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^application\/json/),
    ]);
    const metadata: unknown = await response.json();
    const algorithms = ['ES256', 'PS256', 'EdDSA', 'Ed25519'];
    const proofs = ['private_key_jwt'];
    expect(metadata).toMatchObject({
      issuer: first.issuer,
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: proofs,
      token_endpoint_auth_signing_alg_values_supported: algorithms,
      introspection_endpoint_auth_methods_supported: proofs,
      revocation_endpoint_auth_methods_supported: proofs,
      dpop_signing_alg_values_supported: algorithms,
    });
    for (const [name, status] of [
      ['token_endpoint', 400],
      ['introspection_endpoint', 400],
      ['revocation_endpoint', 400],
    ] as const) {
      const url = String(Object(metadata)[name]);
      expect(url.startsWith(`${first.issuer}/`)).toBe(true);
      expect((await fetch(url, { method: 'POST', body: new URLSearchParams() })).status).toBe(status);
    }
    expect((await fetch(String(Object(metadata).jwks_uri))).status).toBe(200);
  });

  it('2. happy flow of two clients, and neither’s token is good with the other’s key', async () => {
    const [one, two] = [await first.token(), await second.token()];
    expect((await first.call(one)).status).toBe(200);
    expect((await second.call(two)).status).toBe(200);
    expect(outcome(await second.call(one))).toEqual([401, 'token_refused']);
    expect(outcome(await first.call(two))).toEqual([401, 'token_refused']);
    expect(outcome(await first.call(one, { key: second.proofKey }))).toEqual([401, 'token_refused']);
  });

  it.each(['dpop', 'DPOP', 'dPoP'])('3. the type of the token in other letters: %s', async (scheme) => {
    const token = await first.token();
    const dpop = await first.apiProof(token, PATH);
    expect((await first.get(PATH, { authorization: `${scheme} ${token}`, dpop })).status).toBe(200);
  });

  /** @returns how a token request and a call are answered whose proofs say this */
  const statuses = async (claims: () => Claims): Promise<number[]> => {
    const answer = await first.requestToken({ proof: await first.tokenProof({ claims: claims() }) });
    const call = await first.call(String(answer.body['access_token']), { claims: claims() });
    return [answer.status, call.status];
  };

  it('4. proofs with an expiry and a beginning', async () => {
    expect(await statuses(() => ({ nbf: seconds() - 10, exp: seconds() + 60 }))).toEqual([200, 200]);
  });

  it('5. proofs made 10 seconds ago', async () => {
    expect(await statuses(() => ({ iat: seconds() - 10 }))).toEqual([200, 200]);
  });

  it('6. proofs made in 10 seconds', async () => {
    expect(await statuses(() => ({ iat: seconds() + 10 }))).toEqual([200, 200]);
  });

  it('7. one client’s id with another client’s key', async () => {
    const claims = { iss: first.clientId, sub: first.clientId };
    const assertion = await second.assertion(claims);
    expect(outcome(await first.requestToken({ assertion }))).toEqual([401, 'invalid_client']);
    const known = await second.assertion(claims, { ...second.key, kid: first.key.kid });
    expect(outcome(await first.requestToken({ assertion: known }))).toEqual([401, 'invalid_client']);
  });

  it('8. no token that is bound to no key', async () => {
    expect(outcome(await first.requestToken({ proof: null }))).toEqual([400, 'invalid_dpop_proof']);
  });

  it.each(['RS256', 'ES384', 'HS256', 'none'])('9. an assertion signed by %s', async (alg) => {
    const client = { iss: first.clientId, sub: first.clientId, aud: first.issuer };
    const claims = { ...client, jti: randomUUID(), iat: seconds(), exp: seconds() + 60 };
    const assertion = jws({ alg, kid: first.key.kid }, claims, jwsKey(alg));
    expect(outcome(await first.requestToken({ assertion }))).toEqual([401, 'invalid_client']);
  });

  it('10. a request without an assertion', async () => {
    for (const client of [{}, { client_id: first.clientId }]) {
      const body = new URLSearchParams({ ...first.tokenForm(), ...client });
      const headers = { dpop: await first.tokenProof() };
      const response = await fetch(`${first.issuer}/token`, { method: 'POST', body, headers });
      expect([response.status, await response.json()]).toEqual([
        'client_id' in client ? 401 : 400,
        expect.objectContaining({ error: 'client_id' in client ? 'invalid_client' : 'invalid_request' }),
      ]);
    }
  });

  it('11. an assertion that expired five minutes ago', async () => {
    const times = { iat: seconds() - 360, exp: seconds() - 300 };
    expect(outcome(await asserted(times))).toEqual([401, 'invalid_client']);
  });

  it.each<[string, (issuer: string) => string | string[]]>([
    ['another', () => 'https://other.example'],
    ['the token endpoint', (issuer) => `${issuer}/token`],
    ['the issuer in a list', (issuer) => [issuer]],
    ['the issuer and another', (issuer) => [issuer, 'https://other.example']],
    ['the issuer and a slash', (issuer) => `${issuer}/`],
    ['none', () => []],
  ])('12. an assertion whose audience is %s', async (_, aud) => {
    expect(outcome(await asserted({ aud: aud(first.issuer) }))).toEqual([401, 'invalid_client']);
  });

  it.each<[string, () => Claims, number]>([
    ['no subject', () => ({ sub: undefined }), 401],
    ['another subject', () => ({ sub: second.clientId }), 401],
    ['no issuer', () => ({ iss: undefined }), 401],
    ['another issuer', () => ({ iss: second.clientId }), 401],
    ['no audience', () => ({ aud: undefined }), 401],
    ['no expiry', () => ({ exp: undefined }), 401],
    ['no identifier', () => ({ jti: undefined }), 401],
    ['a time 70 seconds ahead', () => ({ iat: seconds() + 70 }), 401],
    ['a beginning 70 seconds ahead', () => ({ nbf: seconds() + 70 }), 401],
    ['a time 8 seconds ahead', () => ({ iat: seconds() + 8 }), 200],
    ['a beginning 8 seconds ahead', () => ({ nbf: seconds() + 8 }), 200],
  ])('13. an assertion with %s', async (_, changes, status) => {
    expect((await asserted(changes())).status).toBe(status);
  });

  it.each<[string, Record<string, string | undefined>]>([
    ['without the type of the assertion', { client_assertion_type: '' }],
    [
      'with another type of assertion',
      { client_assertion_type: 'urn:ietf:params:oauth:grant-type:saml2-bearer' },
    ],
    ['with an assertion that is none', { client_assertion: 'x' }],
  ])('13. a request %s', async (_, changes) => {
    const form = { client_assertion_type: ASSERTION_TYPE, client_assertion: await first.assertion() };
    const body = new URLSearchParams({ ...first.tokenForm(), ...form, ...changes });
    const headers = { dpop: await first.tokenProof() };
    const response = await fetch(`${first.issuer}/token`, { method: 'POST', body, headers });
    expect([400, 401]).toContain(response.status);
    expect(await response.json()).toMatchObject({
      error: expect.stringMatching(/^invalid_(request|client)$/),
    });
  });

  it('14. proofs with one thing wrong, at either endpoint, and a right one after them', async () => {
    const token = await first.token();
    const key = await newProofKey();
    const wrong: readonly Parameters<AgencyProgram['tokenProof']>[0][] = [
      { header: { typ: undefined } },
      { header: { typ: 'jwt' } },
      { header: { jwk: undefined } },
      { header: { jwk: { kty: 'oct', k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMko' } } },
      { header: { jwk: { ...first.proofKey.publicKey, d: '870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE' } } },
      { signedWith: key },
      { claims: { jti: undefined } },
      { claims: { htm: undefined } },
      { claims: { htm: 'PUT' } },
      { claims: { htu: undefined } },
      { claims: { htu: 'https://other.example/oauth/token' } },
      { claims: { iat: undefined } },
      { claims: { exp: seconds() - 3_600 } },
      { claims: { nbf: seconds() + 3_600 } },
      { claims: { nonce: 'x'.repeat(43) } },
    ];
    for (const changes of wrong) {
      const atServer = await first.requestToken({ proof: await first.tokenProof(changes) });
      expect([changes, atServer.status]).toEqual([changes, 400]);
      expect(['invalid_dpop_proof', 'use_dpop_nonce']).toContain(atServer.body['error']);
      const atApi = await first.call(token, changes);
      expect([changes, ...outcome(atApi)]).toEqual([changes, 401, 'token_refused']);
    }
    for (const claims of [{ ath: undefined }, { ath: 'x'.repeat(43) }, { iat: seconds() - 3_600 }])
      expect(outcome(await first.call(token, { claims }))).toEqual([401, 'token_refused']);
    expect((await first.requestToken()).status).toBe(200);
    expect((await first.call(token)).status).toBe(200);
  });
});
