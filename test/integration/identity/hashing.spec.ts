import argon2 from 'argon2';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApplication } from '../../../src/application.js';
import type { AccountId } from '../../../src/kernel/ids.js';
import { Accounts } from '../../../src/modules/identity/accounts/accounts.js';
import { costOf } from '../../../src/modules/identity/passwords/hash-cost.js';
import { PASSWORD_HASH } from '../../../src/modules/identity/persistence/places.js';
import { Settings } from '../../../src/platform/config/settings.js';
import { Database } from '../../../src/platform/database/database.js';
import { Metrics } from '../../../src/platform/metrics/metrics.js';
import { Sealer } from '../../../src/sealing/index.js';
import { type CandidateActor, record, signUpCandidate, systemContext } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { PersonClient } from '../../../tools/client/person.ts';
import { behindProxy, changePassword, codeOf, newestAccount, service, trySignIn } from './fixture.js';
import { freePort } from '../../../tools/free-port.ts';

describe('hashing of passwords', () => {
  let sceau: Sceau;
  let person: CandidateActor;
  let id: AccountId;

  beforeAll(async () => {
    sceau = await startSceau({ adjust: behindProxy });
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(async () => {
    person = await signUpCandidate(sceau);
    id = await newestAccount(sceau);
    sceau.clock.advance({ minutes: 1 });
  });

  async function storedHash(): Promise<string> {
    const account = await service(sceau, Database).run({ kind: 'identity' }, (manager) =>
      service(sceau, Accounts).find(systemContext(), manager, { id }),
    );
    if (account === null) throw new Error('There is no account.');
    return service(sceau, Sealer).openOperational(
      PASSWORD_HASH,
      { subject: id, row: id },
      account.passwordHash,
    );
  }

  async function withProcess<T>(
    passwords: Partial<Settings['passwords']>,
    work: (url: string, app: NestFastifyApplication) => Promise<T>,
  ): Promise<T> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const { settings, clock } = sceau;
    const changed = { ...settings, publicUrl: url, passwords: { ...settings.passwords, ...passwords } };
    const app = await createApplication(new Settings(changed), { clock });
    await app.listen({ host: '127.0.0.1', port });
    try {
      return await work(url, app);
    } finally {
      await app.close();
    }
  }

  const signIn = async (url?: string, password = person.password): Promise<number> => {
    const code = await codeOf(sceau, person);
    const { status } = await trySignIn(sceau, {
      email: person.email,
      password,
      code,
      ...(url === undefined ? {} : { url }),
    });
    sceau.clock.advance({ minutes: 1 });
    return status;
  };

  it('is done anew at sign-in when the parameters have risen, and only then and only if right', async () => {
    const before = await storedHash();
    expect(await signIn()).toBe(201);
    expect(await storedHash()).toBe(before);
    await withProcess({ memoryKiB: 2_048, iterations: 2 }, async (url) => {
      expect(await signIn(url, 'cinq moutons verts sous la pluie')).toBe(401);
      expect(await storedHash()).toBe(before);
      expect(await signIn(url)).toBe(201);
    });
    const after = await storedHash();
    expect(costOf(before)).toEqual({ memoryKiB: 1_024, iterations: 1, parallelism: 1 });
    expect(costOf(after)).toEqual({ memoryKiB: 2_048, iterations: 2, parallelism: 1 });
    expect(await argon2.verify(after, person.password)).toBe(true);
    // A process that has not been told yet takes it as it is.
    expect(await signIn()).toBe(201);
    expect(await storedHash()).toBe(after);
  });

  it('takes a password in whichever of its forms it is typed', async () => {
    await changePassword(sceau, id, 'l’été dernier à la forêt'.normalize('NFC'));
    expect(await signIn(undefined, 'l’été dernier à la forêt'.normalize('NFD'))).toBe(201);
  });

  it('refuses what is too much of a flood, while other routes answer and those known are let in', async () => {
    await withProcess({ memoryKiB: 16_384, iterations: 4, concurrency: 1, queue: 2 }, async (url, app) => {
      const code = await codeOf(sceau, person);
      const flood = Array.from({ length: 24 }, (_, index) =>
        trySignIn(sceau, {
          email: `flood.${index}@example.fr`,
          password: 'cinq moutons verts sous la pluie',
          code,
          from: `203.0.113.${index}`,
          url,
        }),
      );
      const own = trySignIn(sceau, { email: person.email, password: person.password, code, url });
      const other = new PersonClient(url);
      const others = await Promise.all([
        other.request('/health/live'),
        other.request('/v1/vacancies'),
        person.client.at(url).request('/v1/me/sessions'),
      ]);
      expect(others.map(({ status }) => status)).toEqual([200, 200, 200]);
      const answers = await Promise.all(flood);
      const refused = answers.filter(({ status }) => status === 503);
      expect(refused.length).toBeGreaterThan(0);
      for (const { headers, code: problem } of refused) {
        expect(problem).toBe('service_unavailable');
        expect(headers.get('retry-after')).toBe('2');
      }
      expect(answers.filter(({ status }) => status === 401).length).toBe(answers.length - refused.length);
      expect((await own).status).toBe(201);
      expect(await service({ app }, Metrics).text()).toContain(
        `sceau_password_hashings_total{kind="refused"} ${refused.length}`,
      );
      // What was not looked at is not held against the address.
      const attempts = await sceau.database.query<{ failures: number }>(
        'SELECT failures FROM identity.attempt',
      );
      expect(attempts.filter(({ failures }) => failures > 0).length).toBe(answers.length - refused.length);
    });
  });

  it('is refused a password that is easily guessed, with advice in the language asked for', async () => {
    const register = async (password: string, language: string) => {
      const body = { email: 'camille.martin@example.fr', password, locale: 'fr' };
      const answer = await new PersonClient(sceau.url).request('/v1/registrations', {
        body,
        headers: { 'accept-language': language },
      });
      return { status: answer.status, body: record(answer.body) };
    };
    expect(await register('soleilsoleilsoleil', 'fr')).toMatchObject({
      status: 422,
      body: {
        code: 'password_refused',
        errors: [{ pointer: '/password', code: 'common', detail: expect.stringContaining('répétés') }],
      },
    });
    expect(await register('internationalement', 'en')).toMatchObject({
      status: 422,
      body: {
        errors: [{ code: 'guessable', detail: expect.stringContaining('words that are less common') }],
      },
    });
    expect(await register('camille martin 1984!', 'fr')).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'contains_email' }] },
    });
    expect((await register(`${'é'.normalize('NFD').repeat(100)} chevaux bleus`, 'fr')).status).toBe(202);
  });
});
