import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { parseId } from '../../../src/kernel/ids.js';
import { Attendance } from '../../../src/modules/incidents/attendance.js';
import { Containment, type IncidentId, OrderWork } from '../../../src/modules/incidents/index.js';
import { Database } from '../../../src/platform/database/database.js';
import { Rounds } from '../../../src/platform/jobs/rounds.js';
import { createWorker } from '../../../src/worker.module.js';
import type { PersonClient } from '../../../tools/client/person.ts';
import { record, systemContext } from '../../support/actors.js';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { signInStaff } from '../../support/staff.js';
import { incidentOf, type Theft } from './fixture.js';
import { lettersTo } from './telling.js';

const WORKER = join(import.meta.dirname, '../../support/worker-process.mjs');

/** A stolen key has read two of an agency's three applicants; what is ordered about it has no job any more. */
describe('what is ordered about an incident and nobody is at', () => {
  let sceau: Sceau;
  let operator: PersonClient;
  let theft: Theft;
  let incident: string;
  /** In the place of the first one. */
  let worker: INestApplicationContext | undefined;

  beforeAll(async () => {
    sceau = await startSceau();
    operator = await signInStaff(sceau, 'operator');
  }, 60_000);

  afterAll(async () => {
    await worker?.close();
    await sceau.stop();
  });

  beforeEach(async () => {
    ({ theft, incident } = await incidentOf(sceau, operator));
  }, 60_000);

  const plan = async (): Promise<Record<string, unknown>> =>
    record((await operator.request(`/v1/operator/incidents/${incident}/containment`)).body);

  it('is gone on with by the next round when its worker was killed, whatever the tables of jobs say', async () => {
    const path = `/v1/operator/incidents/${incident}`;
    const [, malo] = theft.applicants;
    const jobs = async (state: string) =>
      (
        await sceau.database.query(
          `SELECT FROM jobs.job WHERE name LIKE 'incident%' AND data->>'incidentId' = $1 AND state = $2`,
          [incident, state],
        )
      ).length;
    const renewing = async () => (await sceau.database.query('SELECT FROM keys.subject_rotation')).length;
    await sceau.worker.close();
    const patient = { ...sceau.settings.keyring, drainSeconds: 600 };
    const child = fork(WORKER, [JSON.stringify({ ...sceau.settings, keyring: patient })], { execArgv: [] });
    await once(child, 'message');
    await operator.request(`${path}/contain`, { body: {} });
    await eventually('half of it', async () => ((await renewing()) === 2 ? true : undefined));
    child.kill('SIGKILL');
    await once(child, 'exit');
    await operator.request(`${path}/notify`, { method: 'POST' });
    await sceau.database.query(`DELETE FROM jobs.job WHERE name = 'incident_notification'`);
    expect([await jobs('active'), await jobs('created'), await renewing()]).toEqual([1, 0, 2]);
    await eventually('its locks', async () => {
      const held = await sceau.database.query(
        `SELECT FROM pg_locks JOIN pg_database AS d ON d.oid = database
         WHERE locktype = 'advisory' AND datname = current_database()`,
      );
      return held.length === 0 ? true : undefined;
    });
    worker = await createWorker(sceau.settings, { clock: sceau.clock });
    await worker.get(Rounds, { strict: false }).turn();
    await eventually('the new keys', async () => ((await renewing()) === 0 ? true : undefined));
    await eventually('the letter', async () => (await lettersTo(sceau, malo.actor)).at(0));
    expect(await plan()).toMatchObject({ clients: [], agencies: [], keys: 0 });
    expect(await jobs('active')).toBe(1);
  });

  it('is left to whoever is at it, and once it has come to its end, until it is ordered again', async () => {
    const [id, [, malo]] = [parseId<IncidentId>(incident), theft.applicants];
    if (id === undefined) throw new Error('An incident has an id.');
    const work = (worker ?? sceau.worker).get(OrderWork, { strict: false });
    const order = () =>
      sceau.app
        .get(Database)
        .run({ kind: 'system' }, (manager) =>
          sceau.app.get(Containment, { strict: false }).order(systemContext(), manager, id, ['keys']),
        );
    const keys = async () => (await plan())['keys'];
    const store = (identity: string) =>
      sceau.database.query(`UPDATE candidates.profile SET identity = ${identity} WHERE candidate_id = $1`, [
        malo.id,
      ]);
    await order();
    await sceau.app
      .get(Attendance, { strict: false })
      .during('containment', id, () => work.goOn('containment'));
    expect(await keys()).toBe(2);
    await store('set_byte(identity, 40, 255 - get_byte(identity, 40))');
    await work.goOn('containment');
    // Nothing is in its way any more.
    await store('NULL');
    await work.goOn('containment');
    expect(await keys()).toBe(1);
    await order();
    await work.goOn('containment');
    expect(await keys()).toBe(0);
  });
});
