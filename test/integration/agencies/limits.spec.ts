import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { RateLimits } from '../../../src/platform/http/index.js';
import type { RatePolicyName } from '../../../src/platform/http/rate-limits.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { type AgencyProgram, type Answer, ledgerEntries, newProgram } from './agency-program.js';

describe('limits of agencies', () => {
  let sceau: Sceau;
  let program: AgencyProgram;
  let other: AgencyProgram;

  beforeEach(async () => {
    sceau = await startSceau({
      adjust: (settings) => ({
        ...settings,
        http: { ...settings.http, trustedProxies: ['127.0.0.1'] },
        database: { ...settings.database, timeoutMs: 2_000 },
      }),
    });
    program = await newProgram(sceau);
    other = await newProgram(sceau);
  }, 60_000);

  afterEach(() => sceau.stop());

  /** Spends what a window allows but for `left`. */
  async function spend(name: RatePolicyName, subject: string, points: number): Promise<void> {
    const limits = sceau.app.get(RateLimits, { strict: false });
    for (let done = 0; done < points; done += 1) await limits.consume(name, subject);
  }

  const turnedAway = async (): Promise<(string | undefined)[]> =>
    (await ledgerEntries(sceau, 'request.turned_away')).map(({ reason }) => reason);

  function expectTurnedAway({ status, headers, body }: Answer, policy: string): void {
    expect([status, body['error']]).toEqual([429, 'temporarily_unavailable']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(headers.get('ratelimit')).toMatch(new RegExp(`^"${policy}";r=0;t=\\d+$`));
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(headers.get('cache-control')).toBe('no-store');
  }

  const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address });

  it('are told with every answer of the authorization server', async () => {
    const token = await program.token();
    for (const answer of [await program.requestToken(), await program.introspect(token)]) {
      expect(answer.headers.get('ratelimit')).toMatch(/^"oauth";r=\d+;t=\d+$/);
      expect(answer.headers.get('ratelimit-policy')).toBe('"oauth";q=600;w=60');
    }
  });

  it('hold up one origin at the authorization server, and no other; it is recorded once', async () => {
    const proof = await program.tokenProof();
    await spend('oauth', '192.0.2.1', 600);
    const before = (await ledgerEntries(sceau, 'token.refused')).length;
    for (const path of ['/oauth/token', '/oauth/introspect', '/oauth/revoke']) {
      const form = { ...program.tokenForm(), token: 'x' };
      expectTurnedAway(await program.post(path, { form, proof, headers: from('192.0.2.1') }), 'oauth');
    }
    expect(await turnedAway()).toEqual(['oauth']);
    expect(await ledgerEntries(sceau, 'token.refused')).toHaveLength(before);
    expect((await program.requestToken({ proof, headers: from('192.0.2.2') })).status).toBe(200);
  });

  it('hold up one client wherever it calls from, and no other', async () => {
    await spend('oauth_client', program.clientId, 300);
    const token = await other.token();
    for (const address of ['192.0.2.3', '192.0.2.4'])
      expectTurnedAway(await program.requestToken({ headers: from(address) }), 'oauth_client');
    const introspected = await program.post('/oauth/introspect', { form: { token } });
    expectTurnedAway(introspected, 'oauth_client');
    expect(await turnedAway()).toEqual(['oauth_client']);
    expect((await other.requestToken()).status).toBe(200);
  });

  it('are not spent by whoever names a client, or shows again what it has shown', async () => {
    await spend('oauth_client', program.clientId, 297);
    const forged = await program.assertion({}, { ...other.key, kid: program.key.kid });
    const assertion = await program.assertion();
    expect((await program.requestToken({ assertion })).status).toBe(200);
    const repeated = await other.tokenProof();
    for (const one of [forged, assertion, forged, assertion]) {
      const [introspected, asked] = await Promise.all([
        program.post('/oauth/introspect', { assertion: one, form: { token: 'x' } }),
        program.requestToken({ assertion: one, proof: repeated }),
      ]);
      expect([introspected.status, asked.status]).toEqual([401, 401]);
    }
    // Two were counted, since a nonce is given to clients that have proven themselves only. One is left.
    const proof = await other.tokenProof();
    expect((await program.requestToken({ proof })).status).toBe(200);
    expectTurnedAway(await program.requestToken({ proof }), 'oauth_client');
  });

  it('are kept to the last token by requests that come together; whatever is beyond them is used', async () => {
    await spend('oauth_client', program.clientId, 294);
    const requests = await Promise.all(
      Array.from({ length: 6 }, async () => ({
        assertion: await program.assertion(),
        // Another program's proof, so that its nonce is counted elsewhere.
        proof: await other.tokenProof(),
      })),
    );
    await spend('oauth_client', program.clientId, 4);
    const answers = await Promise.all(requests.map((request) => program.requestToken(request)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 200, 429, 429, 429, 429]);
    for (const answer of answers.filter(({ status }) => status === 429))
      expectTurnedAway(answer, 'oauth_client');
    expect(await turnedAway()).toEqual(['oauth_client']);
    const issued = await ledgerEntries(sceau, 'token.issued');
    expect(issued.filter(({ agency }) => agency === program.agencyId)).toHaveLength(2);
    const rows = await sceau.database.query('SELECT FROM oauth.record WHERE client_id = $1', [
      program.clientId,
    ]);
    expect(rows).toHaveLength(2);
    // Its window over, the client asks again: with the same proof, and never with the same assertion.
    await sceau.database.query("DELETE FROM platform.rate_limit WHERE key LIKE 'oauth_client:%'");
    const beyond = requests.find((_, index) => statuses[index] === 429);
    const { assertion = '', proof = '' } = beyond ?? {};
    expect((await program.requestToken({ assertion, proof })).status).toBe(401);
    expect((await program.requestToken({ proof })).status).toBe(200);
  });

  it('keep the ledger from being filled by what is refused, and let through what is right', async () => {
    const origin = '192.0.2.5';
    const token = await program.token();
    const path = '/v1/agency/vacancies';
    await spend('agency_refusals', origin, 118);
    const statuses: number[] = [];
    for (let done = 0; done < 5; done += 1) {
      const headers = { ...from(origin), authorization: `Bearer ${randomUUID()}` };
      const { status, body, headers: answered } = await program.get(path, headers);
      statuses.push(status);
      if (status !== 429) continue;
      expect(body['code']).toBe('too_many_requests');
      expect(answered.get('ratelimit-policy')).toBe('"agency_refusals";q=120;w=60');
    }
    expect(statuses).toEqual([401, 401, 429, 429, 429]);
    expect(await ledgerEntries(sceau, 'token.refused')).toHaveLength(2);
    expect(await turnedAway()).toEqual(['agency_refusals']);
    const dpop = await program.apiProof(token, path);
    const right = { ...from(origin), authorization: `DPoP ${token}`, dpop };
    expect((await program.get(path, right)).status).toBe(200);
    expect((await program.get(path, from(origin))).status).toBe(401);
  });

  it('let nothing through and keep nobody waiting while they cannot be counted', async () => {
    const holder = new pg.Client({ connectionString: sceau.database.ownerUrl });
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE platform.rate_limit');
    const [introspected, searched] = await Promise.all([
      program.post('/oauth/introspect', { form: { token: 'x' } }),
      program.get('/v1/vacancies', {}),
    ]);
    expect([introspected.status, introspected.body['error']]).toEqual([503, 'temporarily_unavailable']);
    expect([searched.status, searched.body['code']]).toEqual([503, 'service_unavailable']);
    for (const { headers } of [introspected, searched]) expect(headers.get('retry-after')).toBe('2');
    await holder.end();
    expect((await program.get('/v1/vacancies', {})).status).toBe(200);
  });

  it('count what the authorization server refuses likewise', async () => {
    const origin = '192.0.2.6';
    await spend('agency_refusals', origin, 119);
    const ask = async (): Promise<Answer> => {
      const assertion = await program.assertion({}, { ...other.key, kid: program.key.kid });
      return program.post('/oauth/revoke', { assertion, form: { token: 'x' }, headers: from(origin) });
    };
    expect((await ask()).status).toBe(401);
    expectTurnedAway(await ask(), 'agency_refusals');
    expect(await ledgerEntries(sceau, 'token.refused')).toHaveLength(1);
  });
});
