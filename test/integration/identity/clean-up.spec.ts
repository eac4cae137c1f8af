import { randomBytes } from 'node:crypto';
import { CleanUp } from '../../../src/modules/identity/index.js';
import { PersonClient } from '../../../tools/client/person.ts';
import { signUpCandidate } from '../../support/actors.js';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { signIn } from './person.js';

describe('what nobody can use any more', () => {
  let sceau: Sceau;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  const count = async (table: string): Promise<number> => {
    const rows = await sceau.database.query<{ n: number }>(`SELECT count(*)::integer AS n FROM ${table}`);
    return rows[0]?.n ?? -1;
  };

  it('is deleted, and nothing else', async () => {
    const cleanUp = sceau.worker.get(CleanUp, { strict: false });
    const person = await signUpCandidate(sceau);
    await person.client.request('/v1/me/totp', { method: 'POST', body: {} });
    const email = `oubli.${randomBytes(6).toString('hex')}@example.fr`;
    const body = { email, password: person.password, locale: 'fr' };
    await new PersonClient(sceau.url).request('/v1/registrations', { body });
    await sceau.mailTo(email);
    expect(await cleanUp.run()).toEqual({ sessions: 0, tickets: 0, changes: 0, accounts: 0 });

    expect(await count('identity.pending_password')).toBe(1);

    sceau.clock.advance({ hours: 25 });
    await signIn(sceau, person);
    expect(await cleanUp.run()).toEqual({ sessions: 1, tickets: 1, changes: 1, accounts: 0 });
    expect([await count('identity.session'), await count('identity.account')]).toEqual([1, 2]);
    expect(await count('identity.pending_password')).toBe(0);

    sceau.clock.advance({ hours: 7 * 24 });
    const again = await Promise.all([cleanUp.run(), cleanUp.run()]);
    expect(again.reduce((sum, { accounts }) => sum + accounts, 0)).toBe(1);
    expect([await count('identity.account'), await count('keys.tombstone')]).toEqual([1, 1]);
    expect((await signIn(sceau, person)).exchange.status).toBe(201);
    const renewed = await new PersonClient(sceau.url).request('/v1/registrations', { body });
    expect(renewed.status).toBe(202);
    await eventually('the new account', async () =>
      (await count('identity.account')) === 2 ? true : undefined,
    );
  });
});
