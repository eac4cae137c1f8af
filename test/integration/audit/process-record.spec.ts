import { once } from 'node:events';
import { request } from 'node:http';
import { eventually } from '../../support/eventually.js';
import { signInStaff } from '../../support/staff.js';
import { type Sceau, startSceau } from '../../support/sceau.js';

describe('processes', () => {
  let sceau: Sceau;

  beforeAll(async () => {
    sceau = await startSceau();
    // Whatever is signed after them is in the tree after them.
    await signInStaff(sceau, 'auditor');
  }, 60_000);

  const entries = (action: string) =>
    sceau.database.query<{ name: string; digest: string }>(
      `SELECT e#>>'{actor,id}' AS name, e#>>'{resource,id}' AS digest
       FROM (SELECT convert_from(envelope, 'UTF8')::jsonb FROM audit.staging
             UNION ALL SELECT convert_from(envelope, 'UTF8')::jsonb FROM audit.leaf) AS t (e)
       WHERE e->>'action' = $1 ORDER BY 1`,
      [action],
    );

  it('record that they started, and how they are configured', async () => {
    const started = await entries('process.started');
    expect(started.map(({ name }) => name)).toEqual(['api', 'worker']);
    expect(new Set(started.map(({ digest }) => digest)).size).toBe(1);
    expect(await entries('process.stopped')).toEqual([]);
  });

  it('record that they stop, and answer what was begun before', async () => {
    const person = {
      email: 'candidat@example.fr',
      password: 'quatre chevaux bleus sur la digue',
      locale: 'fr',
    };
    const body = JSON.stringify(person);
    const begun = request(`${sceau.url}/v1/registrations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': body.length, expect: '100-continue' },
    });
    const answer = new Promise<number | undefined>((resolve, reject) => {
      begun.on('error', reject).on('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      });
    });
    begun.flushHeaders();
    await once(begun, 'continue');
    const closed = sceau.app.close();
    await eventually('the API to stop', async () =>
      (await entries('process.stopped')).length === 1 ? true : undefined,
    );
    begun.end(body);
    expect(await answer).toBe(202);
    await closed;
    await sceau.worker.close();
    const stopped = await entries('process.stopped');
    expect(stopped.map(({ name }) => name)).toEqual(['api', 'worker']);
    await sceau.stop();
  });
});
