import { randomUUID } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { importJWK } from 'jose';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { type AgencyProgram, newProgram, newProofKey, type TokenRequest } from './agency-program.js';

let sceau: Sceau;
let program: AgencyProgram;
let other: AgencyProgram;

beforeAll(async () => {
  sceau = await startSceau();
  program = await newProgram(sceau);
  other = await newProgram(sceau);
});

afterAll(() => sceau.stop());

describe('token endpoint', () => {
  it('gives an opaque token of five minutes, bound to the DPoP key, to a client of openid-client', async () => {
    const key = await importJWK(program.key, program.key.alg);
    if (!(key instanceof CryptoKey)) throw new Error('not an asymmetric key');
    const config = await openid.discovery(
      new URL('/oauth', sceau.url),
      program.clientId,
      {},
      openid.PrivateKeyJwt({ key, kid: program.key.kid }),
      // oxlint-disable-next-line typescript/no-deprecated -- the loopback has no TLS
      { algorithm: 'oauth2', execute: [openid.allowInsecureRequests] },
    );
    const pair = await openid.randomDPoPKeyPair('ES256');
    const dpop = openid.getDPoPHandle(config, pair);
    const answer = await openid.clientCredentialsGrant(config, program.tokenForm(), { DPoP: dpop });
    expect(answer).toMatchObject({ token_type: 'dpop', expires_in: 300, scope: 'vacancies:read' });
    expect(answer.access_token).toMatch(/^[\w-]{43}$/);
    expect(await openid.tokenIntrospection(config, answer.access_token)).toMatchObject({
      active: true,
      client_id: program.clientId,
      aud: `${sceau.url}/v1`,
      scope: 'vacancies:read',
      token_type: 'DPoP',
    });
    await openid.tokenRevocation(config, answer.access_token);
    expect(await openid.tokenIntrospection(config, answer.access_token)).toEqual({ active: false });
  });

  it('serves oauth4webapi with Ed25519 keys as well, whichever name the algorithm goes by', async () => {
    const edwards = await newProgram(sceau, { algorithm: 'EdDSA' });
    const assertionKey = await importJWK(edwards.key, 'Ed25519');
    if (!(assertionKey instanceof CryptoKey)) throw new Error('not an asymmetric key');
    const issuer = new URL('/oauth', sceau.url);
    const found = await oauth.discoveryRequest(issuer, {
      algorithm: 'oauth2',
      // oxlint-disable-next-line typescript/no-deprecated -- the loopback has no TLS
      [oauth.allowInsecureRequests]: true,
    });
    const as = await oauth.processDiscoveryResponse(issuer, found);
    const client: oauth.Client = { client_id: edwards.clientId };
    const dpop = oauth.DPoP(client, await oauth.generateKeyPair('Ed25519'));
    const request = (): Promise<Response> =>
      oauth.clientCredentialsGrantRequest(
        as,
        client,
        oauth.PrivateKeyJwt({ key: assertionKey, kid: edwards.key.kid }),
        edwards.tokenForm(),
        // oxlint-disable-next-line typescript/no-deprecated -- the loopback has no TLS
        { DPoP: dpop, [oauth.allowInsecureRequests]: true },
      );
    const answer = await request()
      .then((response) => oauth.processClientCredentialsResponse(as, client, response))
      .catch(async (error: unknown) => {
        if (!oauth.isDPoPNonceError(error)) throw error;
        return oauth.processClientCredentialsResponse(as, client, await request());
      });
    expect(answer).toMatchObject({ token_type: 'dpop', scope: 'vacancies:read' });
  });

  it('answers with RFC 6749 JSON that nothing keeps', async () => {
    const answer = await program.requestToken();
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body).toSorted()).toEqual([
      'access_token',
      'expires_in',
      'scope',
      'token_type',
    ]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('asks for a nonce of its own', async () => {
    const answer = await program.requestToken({ proof: await program.proof('POST', '/oauth/token') });
    expect(answer).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } });
    expect(answer.headers.get('dpop-nonce')).toBeTruthy();
  });

  it.each<[why: string, status: number, error: string, request: () => Promise<TokenRequest>]>([
    ['without a proof', 400, 'invalid_dpop_proof', async () => ({ proof: null })],
    [
      'with a nonce that was never given',
      400,
      'use_dpop_nonce',
      async () => ({
        proof: await program.proof('POST', '/oauth/token', { claims: { nonce: 'x'.repeat(43) } }),
      }),
    ],
    [
      'with the nonce of the API',
      400,
      'use_dpop_nonce',
      async () => ({
        proof: await program.proof('POST', '/oauth/token', { claims: { nonce: await program.apiNonce() } }),
      }),
    ],
    [
      'with a proof for another method',
      400,
      'invalid_dpop_proof',
      async () => ({ proof: await program.tokenProof({ claims: { htm: 'GET' } }) }),
    ],
    [
      'with a proof for another address',
      400,
      'invalid_dpop_proof',
      async () => ({ proof: await program.tokenProof({ claims: { htu: `${sceau.url}/oauth/revoke` } }) }),
    ],
    [
      'with a proof that another key has signed',
      400,
      'invalid_dpop_proof',
      async () => ({ proof: await program.tokenProof({ signedWith: await newProofKey() }) }),
    ],
    [
      'with a key that was not registered',
      401,
      'invalid_client',
      async () => ({ assertion: await program.assertion({}, { ...other.key, kid: program.key.kid }) }),
    ],
    [
      'with the token endpoint as audience',
      401,
      'invalid_client',
      async () => ({ assertion: await program.assertion({ aud: `${program.issuer}/token` }) }),
    ],
    [
      'with several audiences',
      401,
      'invalid_client',
      async () => ({
        assertion: await program.assertion({ aud: [program.issuer, 'https://other.example'] }),
      }),
    ],
    [
      'with an assertion that has expired',
      401,
      'invalid_client',
      async () => ({ assertion: await program.assertion({ exp: Math.floor(Date.now() / 1_000) - 60 }) }),
    ],
    [
      'with an assertion made to be kept',
      401,
      'invalid_client',
      async () => ({ assertion: await program.assertion({ exp: Math.floor(Date.now() / 1_000) + 3_600 }) }),
    ],
    [
      'with an assertion issued in the future',
      401,
      'invalid_client',
      async () => ({ assertion: await program.assertion({ iat: Math.floor(Date.now() / 1_000) + 70 }) }),
    ],
    [
      'with an assertion that is not good yet',
      401,
      'invalid_client',
      async () => ({ assertion: await program.assertion({ nbf: Math.floor(Date.now() / 1_000) + 70 }) }),
    ],
    [
      'with an assertion without an id',
      401,
      'invalid_client',
      async () => ({ assertion: await program.assertionWithoutId() }),
    ],
    [
      'as a client that does not exist',
      401,
      'invalid_client',
      async () => ({ assertion: await program.assertion({ iss: randomUUID(), sub: randomUUID() }) }),
    ],
    [
      'in the name of another client',
      401,
      'invalid_client',
      async () => ({ assertion: await program.assertion({ iss: other.clientId, sub: other.clientId }) }),
    ],
    [
      'with a scope beyond its own',
      400,
      'invalid_scope',
      async () => ({ form: { scope: 'applications:decide' } }),
    ],
    [
      'with a scope that does not exist',
      400,
      'invalid_scope',
      async () => ({ form: { scope: 'everything' } }),
    ],
    ['without a scope', 400, 'invalid_scope', async () => ({ form: { scope: undefined } })],
    [
      'for another resource',
      400,
      'invalid_target',
      async () => ({ form: { resource: 'https://other.example/v1' } }),
    ],
    ['without a resource', 400, 'invalid_target', async () => ({ form: { resource: undefined } })],
    [
      'for two resources',
      400,
      'invalid_target',
      async () => ({ form: { resource: [`${sceau.url}/v1`, 'https://other.example/v1'] } }),
    ],
    ...[
      'authorization_code',
      'refresh_token',
      'password',
      'urn:ietf:params:oauth:grant-type:device_code',
    ].map((grant): [string, number, string, () => Promise<TokenRequest>] => [
      `by the grant ${grant}`,
      400,
      'unsupported_grant_type',
      async () => ({
        form: { grant_type: grant, code: 'x', refresh_token: 'x', username: 'x', password: 'x' },
      }),
    ]),
  ])('gives nothing %s', async (_, status, error, request) => {
    const answer = await program.requestToken(await request());
    expect(answer).toMatchObject({ status, body: { error } });
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('knows no client secret', async () => {
    const basic = `Basic ${Buffer.from(`${program.clientId}:secret`).toString('base64')}`;
    const form = new URLSearchParams(program.tokenForm());
    for (const [headers, extra] of [
      [{ authorization: basic }, {}],
      [{}, { client_id: program.clientId, client_secret: 'secret' }],
      [{}, { client_id: program.clientId }],
    ] as const) {
      const body = new URLSearchParams([...form, ...Object.entries(extra)]);
      const response = await fetch(`${program.issuer}/token`, { method: 'POST', body, headers });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: 'invalid_client' });
    }
  });

  it('answers bad bodies with RFC 6749 JSON, to a browser too', async () => {
    for (const [type, body] of [
      ['application/json', '{"grant_type":"client_credentials"}'],
      ['text/plain', 'x'],
      ['application/x-www-form-urlencoded', `x=${'y'.repeat(60_000)}`],
      ['application/x-www-form-urlencoded', ''],
    ] as const) {
      const headers = { 'content-type': type, accept: 'text/html' };
      const response = await fetch(`${program.issuer}/token`, { method: 'POST', body, headers });
      expect(response.status).toBe(400);
      expect(response.headers.get('content-type')).toMatch(/^application\/json/);
      expect(await response.json()).toMatchObject({ error: 'invalid_request' });
    }
  });

  it('takes each assertion once, however many arrive together', async () => {
    const assertion = await program.assertion();
    const proofs = await Promise.all(Array.from({ length: 10 }, () => program.tokenProof()));
    const answers = await Promise.all(proofs.map((proof) => program.requestToken({ assertion, proof })));
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([
      200,
      ...Array<number>(9).fill(401),
    ]);
    for (const { body } of answers.filter(({ status }) => status === 401))
      expect(body).toMatchObject({ error: 'invalid_client' });
  });

  it('takes each proof once, however many arrive together', async () => {
    const proof = await program.tokenProof();
    const assertions = await Promise.all(Array.from({ length: 10 }, () => program.assertion()));
    const answers = await Promise.all(
      assertions.map((assertion) => program.requestToken({ assertion, proof })),
    );
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([
      200,
      ...Array<number>(9).fill(400),
    ]);
    for (const { body } of answers.filter(({ status }) => status === 400))
      expect(body).toMatchObject({ error: 'invalid_grant' });
  });
});
