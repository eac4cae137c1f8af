import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { PersonClient } from '../../../tools/client/person.ts';
import { signUpCandidate } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { signIn } from './person.js';
import { freePort } from '../../../tools/free-port.ts';

const SCRIPT = join(import.meta.dirname, '../../support/api-process.mjs');

describe('sessions before two processes', () => {
  let sceau: Sceau;
  let second: ChildProcess;
  let url: string;

  beforeAll(async () => {
    sceau = await startSceau();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const settings = { ...sceau.settings, http: { ...sceau.settings.http, port } };
    second = fork(SCRIPT, [JSON.stringify(settings)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    });
    await once(second, 'message');
  }, 60_000);

  afterAll(async () => {
    const gone = once(second, 'exit');
    second.disconnect();
    await gone;
    await sceau.stop();
  });

  const ask = async (client: PersonClient): Promise<number> =>
    (await client.request('/v1/me/sessions')).status;

  it('are ended in both at once, whichever is asked', async () => {
    const person = await signUpCandidate(sceau);
    const there = person.client.at(url);
    const other = await signIn(sceau, person);
    expect([await ask(there), await ask(person.client), await ask(other.client.at(url))]).toEqual([
      200, 200, 200,
    ]);
    const one = await there.request(`/v1/me/sessions/${other.id}`, { method: 'DELETE' });
    expect(one.status).toBe(204);
    expect([await ask(other.client), await ask(other.client.at(url))]).toEqual([401, 401]);
    expect((await person.client.request('/v1/me/sessions', { method: 'DELETE' })).status).toBe(204);
    expect([await ask(there), await ask(person.client)]).toEqual([401, 401]);
  });
});
