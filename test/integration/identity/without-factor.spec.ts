import type { OpenAPIObject } from '@nestjs/swagger';
import { type AccountId, newId, parseId } from '../../../src/kernel/ids.js';
import { Accounts, SESSION_COOKIE } from '../../../src/modules/identity/index.js';
import { Database } from '../../../src/platform/database/database.js';
import { PersonClient } from '../../../tools/client/person.ts';
import { type CandidateActor, record, signUpCandidate, systemContext } from '../../support/actors.js';
import { type Operation, operationsOf } from '../../support/operations.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { OUR_PAGES } from './person.js';
import { SignUp } from './sign-up.js';

/** Every route that wants somebody to be signed in, asked by somebody who has shown no second factor. */
describe('without an authenticator', () => {
  let sceau: Sceau;
  let routes: readonly Operation[];

  beforeAll(async () => {
    sceau = await startSceau();
    const { body } = await new PersonClient(sceau.url).request('/openapi.json');
    const contract: OpenAPIObject = JSON.parse(JSON.stringify(body));
    routes = operationsOf(contract).filter(({ audience }) => audience !== 'anyone');
  }, 60_000);

  afterAll(() => sceau.stop());

  async function answers(headers: Record<string, string>): Promise<readonly string[]> {
    const given: string[] = [];
    for (const route of routes) {
      const { method, path, hasBody } = route;
      const answer = await new PersonClient(sceau.url).request(route.sample(newId<'session'>(Date.now())), {
        method,
        headers,
        ...(hasBody ? { body: {} } : {}),
      });
      given.push(`${method} ${path} ${answer.status} ${String(record(answer.body ?? {})['code'])}`);
    }
    return given;
  }

  const refused = (): readonly string[] =>
    routes.map(
      ({ method, path, audience }) =>
        `${method} ${path} 401 ${audience === 'agency' ? 'token_refused' : 'unauthenticated'}`,
    );

  it('a confirmed address opens no route but those that enrol one', async () => {
    const signUp = new SignUp(sceau);
    const token = await signUp.link('sans.facteur@example.fr');
    const ticket = String(record((await signUp.confirm(token)).body)['ticket']);
    expect(ticket).toMatch(/^[\w-]{43}$/);
    expect(routes.length).toBeGreaterThan(60);
    expect(await answers({ authorization: `Bearer ${ticket}` })).toEqual(refused());
    const asCookie = (await answers({ cookie: `${SESSION_COOKIE}=${ticket}`, ...OUR_PAGES })).filter(
      (answer) => !answer.endsWith('401 unauthenticated'),
    );
    // Agencies have no cookies: their routes ask for a token.
    expect(asCookie).toEqual(refused().filter((answer) => answer.endsWith('token_refused')));
    const offer = await new PersonClient(sceau.url).request('/v1/totp/enrolments', { body: { ticket } });
    expect(offer.status).toBe(200);
  });

  it('an account that has lost its factor opens nothing, whatever its session', async () => {
    const person: CandidateActor = await signUpCandidate(sceau);
    expect((await person.client.request('/v1/me/sessions')).status).toBe(200);
    await loseFactor(person);
    for (const route of routes) {
      const { method, path, hasBody } = route;
      if (path.startsWith('/v1/agency')) continue;
      const answer = await person.client.request(route.sample(newId<'session'>(Date.now())), {
        method,
        ...(hasBody ? { body: {} } : {}),
      });
      expect([method, path, answer.status]).toEqual([method, path, 401]);
    }
    sceau.clock.advance({ minutes: 1 });
    const { email, password, authenticator } = person;
    const code = await authenticator.code(sceau.clock.now().getTime());
    const again = await new PersonClient(sceau.url).request('/v1/sessions', {
      body: { email, password, code, transport: 'token' },
    });
    expect(again.status).toBe(401);
  });

  /** As no route does it, and past what the table allows. */
  async function loseFactor(person: CandidateActor): Promise<void> {
    const [constraint] = await sceau.database.query<{ name: string }>(
      `SELECT conname AS name FROM pg_constraint
       WHERE conrelid = 'identity.account'::regclass AND pg_get_constraintdef(oid) LIKE '%totp_secret IS NOT NULL%'`,
    );
    if (constraint === undefined) throw new Error('The table demands a secret of active accounts.');
    await sceau.database.query(`ALTER TABLE identity.account DROP CONSTRAINT "${constraint.name}"`);
    const accounts = sceau.app.get(Accounts, { strict: false });
    await sceau.app.get(Database, { strict: false }).run({ kind: 'identity' }, async (manager) => {
      const account = await accounts.findByAddress(systemContext(), manager, person.email);
      const id = parseId<AccountId>(account?.id ?? '');
      if (id === undefined) throw new Error('The person has no account.');
      await accounts.change(systemContext(), manager, id, () => ({ totpSecret: null }));
    });
  }
});
