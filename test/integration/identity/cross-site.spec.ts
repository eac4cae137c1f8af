import type { OpenAPIObject } from '@nestjs/swagger';
import { newId } from '../../../src/kernel/ids.js';
import { PersonClient } from '../../../tools/client/person.ts';
import { type CandidateActor, record, signUpCandidate } from '../../support/actors.js';
import { type Operation, operationsOf } from '../../support/operations.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { cookieOf, OUR_PAGES, signIn } from './person.js';

/** What a page of another site, an older browser or a script without our header makes a browser send. */
const FOREIGN: readonly Record<string, string>[] = [
  {},
  { 'sec-fetch-site': 'same-origin' },
  { 'x-requested-by': 'sceau' },
  { 'x-requested-by': 'sceau', 'sec-fetch-site': 'same-site' },
  { 'x-requested-by': 'sceau', 'sec-fetch-site': 'cross-site' },
  { 'x-requested-by': 'sceau', 'sec-fetch-site': 'none' },
];

describe('a browser’s session', () => {
  let sceau: Sceau;
  let person: CandidateActor;
  let changing: readonly Operation[];
  const browser = () => new PersonClient(sceau.url);

  beforeAll(async () => {
    sceau = await startSceau();
    person = await signUpCandidate(sceau);
    const { body } = await browser().request('/openapi.json');
    const contract: OpenAPIObject = JSON.parse(JSON.stringify(body));
    changing = operationsOf(contract).filter(
      ({ method, audience }) => method !== 'GET' && audience !== 'anyone' && audience !== 'agency',
    );
  }, 60_000);

  afterAll(() => sceau.stop());

  async function cookie(): Promise<string> {
    const given = { body: { transport: 'cookie' }, headers: OUR_PAGES };
    return cookieOf((await signIn(sceau, person, given)).exchange.headers);
  }

  async function ask(operation: Operation, headers: Record<string, string>) {
    const { method, hasBody } = operation;
    const path = operation.sample(newId<'session'>(Date.now()));
    const answer = await browser().request(path, { method, headers, ...(hasBody ? { body: {} } : {}) });
    return `${answer.status} ${String(record(answer.body ?? {})['code'])}`;
  }

  it('changes nothing for a page that is not ours, by any route', async () => {
    expect(changing.length).toBeGreaterThan(15);
    const session = await cookie();
    for (const operation of changing) {
      for (const headers of FOREIGN) {
        const answer = await ask(operation, { cookie: session, ...headers });
        expect([operation.method, operation.path, headers, answer]).toEqual([
          operation.method,
          operation.path,
          headers,
          '403 cross_site_request',
        ]);
      }
    }
    // And it is still there.
    const headers = { cookie: session };
    expect((await browser().request('/v1/me/sessions', { headers })).status).toBe(200);
  });

  it('does for our own pages, by every route', async () => {
    let session = await cookie();
    for (const operation of changing) {
      const answer = await ask(operation, { cookie: session, ...OUR_PAGES });
      expect([operation.path, answer]).not.toEqual([operation.path, '403 cross_site_request']);
      expect([operation.path, answer]).not.toEqual([operation.path, '401 unauthenticated']);
      const isErasure = operation.method === 'DELETE' && operation.path === '/v1/me';
      // Whoever has erased themself has no account for the routes that follow.
      if (isErasure) person = await signUpCandidate(sceau);
      if (isErasure || answer.startsWith('204')) session = await cookie();
    }
  });

  it('is not needed for a program, whose token no browser sends by itself', async () => {
    const { client } = await signIn(sceau, person);
    expect((await client.request('/v1/me/sessions?keep=current', { method: 'DELETE' })).status).toBe(204);
  });

  it.each(FOREIGN)('is not given to a page that is not ours: %j', async (headers) => {
    const { exchange } = await signIn(sceau, person, { body: { transport: 'cookie' }, headers });
    expect([exchange.status, record(exchange.body)['code']]).toEqual([403, 'cross_site_request']);
    expect(exchange.headers.getSetCookie()).toEqual([]);
    const body = { ticket: 'A'.repeat(43), code: '123456' };
    const enrolled = await browser().request('/v1/totp/enrolments/confirm', { body, headers });
    expect([enrolled.status, record(enrolled.body)['code']]).toEqual([403, 'cross_site_request']);
  });
});
