import { createHash } from 'node:crypto';
import { type Sceau, startSceau } from '../../support/sceau.js';
import {
  type AgencyProgram,
  ledgerEntries,
  newProgram,
  refusalOf,
  type TokenRequest,
} from './agency-program.js';

let sceau: Sceau;
let program: AgencyProgram;
let other: AgencyProgram;
let bareProof: string;

beforeAll(async () => {
  sceau = await startSceau();
  program = await newProgram(sceau);
  other = await newProgram(sceau);
  bareProof = await program.proof('POST', '/oauth/token');
});

afterAll(() => sceau.stop());

describe('introspection and revocation', () => {
  it('show and end a client’s own tokens only', async () => {
    const token = await program.token();
    expect((await other.introspect(token)).body).toEqual({ active: false });
    expect((await other.revoke(token)).status).toBe(200);
    expect((await program.introspect(token)).body).toMatchObject({ active: true });
    expect((await program.revoke(token)).status).toBe(200);
    expect((await program.introspect(token)).body).toEqual({ active: false });
    expect((await program.call(token)).status).toBe(401);
  });

  it('say nothing about what is not a token', async () => {
    expect(await program.introspect('x'.repeat(43))).toMatchObject({ status: 200, body: { active: false } });
    expect((await program.revoke('x'.repeat(43))).status).toBe(200);
    expect(await program.post('/oauth/introspect')).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  });

  it('want the client to prove itself', async () => {
    const assertion = await program.assertion({}, { ...other.key, kid: program.key.kid });
    for (const path of ['/oauth/introspect', '/oauth/revoke']) {
      const answer = await program.post(path, { assertion, form: { token: 'x' } });
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    }
  });
});

describe('an assertion that no token came of', () => {
  it.each<[string, (proof: string) => TokenRequest]>([
    ['another scope', (proof) => ({ form: { scope: 'vacancies:write' }, proof })],
    ['another resource', (proof) => ({ form: { resource: 'https://other.example/v1' }, proof })],
    ['another grant', (proof) => ({ form: { grant_type: 'refresh_token' }, proof })],
    ['no proof', () => ({ proof: null })],
    ['a proof without a nonce', () => ({ proof: bareProof })],
  ])('is used, with %s', async (_, wrong) => {
    const assertion = await program.assertion();
    const proof = await program.tokenProof();
    expect((await program.requestToken({ assertion, ...wrong(proof) })).status).toBe(400);
    // Whoever shows it again is told the same whatever else they show, and leaves the proof as it is.
    for (const request of [{ proof }, wrong(proof)]) {
      const answer = await program.requestToken({ assertion, ...request });
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
      expect(await refusalOf(sceau, answer)).toMatchObject({
        reason: 'invalid_client',
        actor: { kind: 'anonymous' },
        agency: program.agencyId,
      });
    }
    expect((await program.requestToken({ proof })).status).toBe(200);
  });
});

describe('what is reachable', () => {
  it.each([
    '/oauth',
    '/oauth/auth',
    '/oauth/me',
    '/oauth/reg',
    '/oauth/request',
    '/oauth/device/auth',
    '/oauth/session/end',
    '/oauth/interaction/x',
    '/oauth/.well-known/openid-configuration',
    '/oauth/token/introspection',
    '/oauth/TOKEN',
    '/auth',
  ])('not %s', async (path) => {
    for (const method of ['GET', 'POST']) {
      const response = await fetch(`${sceau.url}${path}`, { method });
      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    }
  });

  it('no other method', async () => {
    const response = await fetch(`${program.issuer}/token`);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(await response.json()).toMatchObject({ code: 'method_not_allowed' });
  });

  it('the metadata of the server, at each address where clients look (RFC 8414 §3.1)', async () => {
    for (const path of [
      '/.well-known/oauth-authorization-server/oauth',
      '/.well-known/oauth-authorization-server',
    ]) {
      const response = await fetch(`${sceau.url}${path}`);
      expect(await response.json()).toMatchObject({
        issuer: program.issuer,
        token_endpoint: `${program.issuer}/token`,
        grant_types_supported: ['client_credentials'],
        response_types_supported: [],
        token_endpoint_auth_methods_supported: ['private_key_jwt'],
      });
    }
  });

  it('the metadata of the resource (RFC 9728 §3.1)', async () => {
    for (const path of [
      '/.well-known/oauth-protected-resource/v1',
      '/.well-known/oauth-protected-resource',
    ]) {
      const response = await fetch(`${sceau.url}${path}`);
      expect(await response.json()).toMatchObject({
        resource: `${sceau.url}/v1`,
        authorization_servers: [program.issuer],
        dpop_bound_access_tokens_required: true,
      });
    }
  });

  it('the public half of the server’s key', async () => {
    const published = await (await fetch(`${program.issuer}/jwks`)).json();
    expect(published).toEqual({
      keys: [expect.objectContaining({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' })],
    });
    expect(published).not.toHaveProperty('keys.0.d');
  });

  it('nothing that a Host header decides', async () => {
    const answer = await program.requestToken({ headers: { 'x-forwarded-host': 'evil.example' } });
    expect(answer.status).toBe(200);
  });
});

describe('what is kept', () => {
  it('no token in clear, in any table', async () => {
    const token = await program.token();
    const digest = createHash('sha256').update(token).digest();
    const [row] = await sceau.database.query<{ text: string }>(
      `SELECT encode(payload, 'escape') AS text FROM oauth.record WHERE digest = $1`,
      [digest],
    );
    expect(row?.text).toBeDefined();
    const tables = await sceau.database.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname IN ('oauth', 'agencies', 'audit', 'platform')`,
    );
    for (const { name } of tables) {
      const rows = await sceau.database.query(
        `SELECT 1 FROM ${name} t WHERE t::text LIKE $1 OR t::text LIKE $2 OR t::text LIKE $3`,
        [
          `%${token}%`,
          `%${Buffer.from(token).toString('hex')}%`,
          `%${Buffer.from(token).toString('base64')}%`,
        ],
      );
      expect(rows).toHaveLength(0);
    }
  });

  it('every issue, refusal and revocation in the ledger, by whom as far as it was proven', async () => {
    const fresh = await newProgram(sceau);
    const token = await fresh.token();
    await fresh.revoke(token);
    await fresh.requestToken({ form: { scope: 'applications:decide' } });
    await fresh.requestToken({ assertion: await fresh.assertion({}, { ...other.key, kid: fresh.key.kid }) });
    const mine = async (action: string): Promise<object[]> =>
      (await ledgerEntries(sceau, action)).filter((entry) => entry.agency === fresh.agencyId);
    const [issued] = await mine('token.issued');
    expect(issued).toMatchObject({
      actor: { kind: 'agency', id: fresh.clientId },
      resource: { type: 'token' },
    });
    expect(await mine('token.revoked')).toEqual([
      expect.objectContaining({ actor: { kind: 'agency', id: fresh.clientId } }),
    ]);
    expect(await mine('token.refused')).toEqual([
      expect.objectContaining({ reason: 'invalid_scope', actor: { kind: 'agency', id: fresh.clientId } }),
      expect.objectContaining({ reason: 'invalid_client', actor: { kind: 'anonymous' } }),
    ]);
  });
});
