import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApplication } from '../../../src/application.js';
import { Settings } from '../../../src/platform/config/settings.js';
import { type CandidateActor, signUpCandidate } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { codeOf, trySignIn } from './fixture.js';
import { freePort } from '../../../tools/free-port.ts';

const TIMES = 4;

/** Two processes that share nothing but the database, and both are asked at once. */
describe('a second factor', () => {
  let sceau: Sceau;
  let other: NestFastifyApplication;
  let urls: readonly string[];

  beforeAll(async () => {
    sceau = await startSceau();
    const port = await freePort();
    const settings = new Settings({ ...sceau.settings, publicUrl: `http://127.0.0.1:${port}` });
    other = await createApplication(settings, { clock: sceau.clock });
    await other.listen({ host: '127.0.0.1', port });
    urls = [sceau.url, settings.publicUrl];
  }, 60_000);

  afterAll(async () => {
    await other.close();
    await sceau.stop();
  });

  const statuses = async (person: CandidateActor, factor: object): Promise<readonly number[]> => {
    const { email, password } = person;
    const tries = Array.from({ length: TIMES }, (_, index) =>
      trySignIn(sceau, { email, password, ...factor, url: urls[index % urls.length] ?? sceau.url }),
    );
    return (await Promise.all(tries)).map(({ status }) => status).toSorted((one, two) => one - two);
  };
  const ONCE = [201, 401, 401, 401];

  it('of a time step is good once, in whichever process, racing or not', async () => {
    for (let round = 0; round < 3; round += 1) {
      const person = await signUpCandidate(sceau);
      sceau.clock.advance({ minutes: 1 });
      const code = await codeOf(sceau, person);
      expect(await statuses(person, { code })).toEqual(ONCE);
      expect((await trySignIn(sceau, { email: person.email, password: person.password, code })).status).toBe(
        401,
      );
    }
  });

  it('from the list of recovery codes is good once, in whichever process', async () => {
    const person = await signUpCandidate(sceau);
    for (const recoveryCode of person.recoveryCodes.slice(0, 3)) {
      expect(await statuses(person, { recoveryCode })).toEqual(ONCE);
    }
  });

  it('steps up once, in whichever process', async () => {
    const person = await signUpCandidate(sceau);
    sceau.clock.advance({ minutes: 1 });
    const body = { code: await codeOf(sceau, person) };
    const answers = await Promise.all(
      urls.map((url) => person.client.at(url).request('/v1/sessions/step-up', { body })),
    );
    expect(answers.map(({ status }) => status).toSorted((one, two) => one - two)).toEqual([200, 401]);
  });
});
