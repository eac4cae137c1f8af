import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ApplicationId } from '../../../src/kernel/ids.js';
import { type AgencyActor, createAgency } from '../../support/actors.js';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { WebhookReceiver } from '../../support/webhook-receiver.js';
import { lostJobsReturn, newApplication, register, tell } from './fixture.js';

const SCRIPT = join(import.meta.dirname, '../../support/worker-process.mjs');
const REVISIONS = [3, 4, 5, 6, 7, 8];

/** Workers that are processes of their own, killed in the middle of their work. */
describe('a worker that is killed', () => {
  let receiver: WebhookReceiver;
  let sceau: Sceau;
  let agency: AgencyActor;
  let worker: ChildProcess | undefined;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    const webhooks = { authorities: receiver.authorities };
    sceau = await startSceau({ adjust: (settings) => ({ ...settings, webhooks }) });
    agency = await createAgency(sceau);
    await register(agency, receiver.url('/'), ['application.submitted']);
    await sceau.worker.close();
  }, 60_000);

  afterAll(async () => {
    await killed();
    await sceau.stop();
    await receiver.stop();
  }, 60_000);

  async function started(): Promise<void> {
    const child = fork(SCRIPT, [JSON.stringify(sceau.settings)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    });
    worker = child;
    await once(child, 'message');
  }

  async function killed(): Promise<void> {
    if (worker === undefined) return;
    const gone = once(worker, 'exit');
    worker.kill('SIGKILL');
    await gone;
    worker = undefined;
  }

  const received = (application: ApplicationId) =>
    receiver.received.filter((event) => event.applicationId === application).map(({ revision }) => revision);
  const isThere = async (where: string): Promise<boolean> => {
    const rows = await sceau.database.query(where, [agency.agencyId]);
    return rows.length > 0;
  };
  const isUnsettled = () =>
    isThere(`SELECT FROM webhooks.delivery WHERE agency_id = $1 AND status = 'pending' LIMIT 1`);

  it('loses nothing and keeps the order of each application, whenever it is killed', async () => {
    const applications = Array.from({ length: 6 }, newApplication);
    for (const revision of REVISIONS)
      for (const application of applications) await tell(sceau, agency.agencyId, { application, revision });
    for (const until of [5, 14, 23]) {
      // The next one is held, so that its worker dies between a receiver's work and its answer.
      let reached: () => void = () => undefined;
      const isReached = new Promise<void>((resolve) => {
        reached = resolve;
      });
      receiver.reaction = () => {
        if (receiver.received.length < until) return 204;
        reached();
        return undefined;
      };
      await started();
      await isReached;
      await killed();
      await lostJobsReturn(sceau);
    }
    expect(await isUnsettled()).toBe(true);
    receiver.reaction = () => 204;
    await started();
    await eventually('everything', async () => ((await isUnsettled()) ? undefined : true));
    for (const application of applications) {
      const revisions = received(application);
      expect([...new Set(revisions)]).toEqual(REVISIONS);
      expect(revisions).toEqual(revisions.toSorted((a, b) => Number(a) - Number(b)));
    }
    expect(receiver.received.length).toBeGreaterThan(applications.length * REVISIONS.length);
    const ids = new Set(receiver.received.map(({ id }) => id));
    expect(ids.size).toBe(applications.length * REVISIONS.length);
    await killed();
  }, 180_000);

  it('is not needed to have been there, nor any job of the queue', async () => {
    const application = newApplication();
    await tell(sceau, agency.agencyId, { application, revision: 3 });
    await sceau.database.query(`DELETE FROM jobs.job WHERE name LIKE 'webhook%'`);
    expect(received(application)).toEqual([]);
    await started();
    await eventually('the event', () => Promise.resolve(received(application).length > 0 ? true : undefined));
    expect(received(application)).toEqual([3]);
  }, 60_000);
});
