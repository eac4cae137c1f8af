import { randomUUID } from 'node:crypto';
import { type AgencyActor, createAgency, record } from '../../support/actors.js';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { isSigned, type ReceivedEvent, WebhookReceiver } from '../../support/webhook-receiver.js';
import { applyTo, publishVacancy } from '../sealing/applicants.js';
import {
  ALL_EVENTS,
  delivery,
  deliveriesOf,
  entriesOf,
  minutePasses,
  newApplication,
  register,
  tell,
  timePasses,
} from './fixture.js';

/** What an agency's receiver sees of a real worker, over real TLS. */
describe('webhooks', () => {
  let receiver: WebhookReceiver;
  let sceau: Sceau;
  let agency: AgencyActor;
  let path: string;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    const webhooks = { authorities: receiver.authorities };
    sceau = await startSceau({ adjust: (settings) => ({ ...settings, webhooks }) });
  }, 60_000);

  afterAll(async () => {
    await sceau.stop();
    await receiver.stop();
  });

  beforeEach(async () => {
    agency = await createAgency(sceau);
    receiver.reaction = () => 204;
    path = `/${randomUUID()}`;
  });

  const endpoint = (events?: readonly string[]) => register(agency, receiver.url(path), events);
  const here = (count: number): Promise<readonly ReceivedEvent[]> => receiver.events(path, count);

  it('tell of every move of an application, signed, in ids alone', async () => {
    const { secret } = await endpoint();
    const vacancyId = await publishVacancy(agency, sceau.clock.now());
    const applicant = await applyTo(sceau, vacancyId, 'Nolwenn');
    const moved = `/v1/agency/applications/${applicant.application}/transitions`;
    const step = { body: { to: 'under_review', publicNote: 'Merci.' }, headers: { 'if-match': '"r3"' } };
    expect((await agency.client.request(moved, step)).status).toBe(200);
    await applicant.client.request(`/v1/me/applications/${applicant.application}/withdraw`, {
      method: 'POST',
      body: {},
      headers: { 'if-match': '"r4"', 'idempotency-key': randomUUID() },
    });
    const events = await here(3);
    expect(events.map(({ type }) => type)).toEqual(ALL_EVENTS);
    for (const [index, event] of events.entries()) {
      expect(isSigned(event, secret)).toBe(true);
      expect(event.headers['content-type']).toBe('application/json');
      expect(JSON.parse(event.body)).toEqual({
        type: ALL_EVENTS[index],
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        data: {
          agencyId: agency.agencyId,
          sandbox: false,
          applicationId: applicant.application,
          vacancyId,
          revision: 3 + index,
        },
      });
      for (const personal of [applicant.id, applicant.givenName, applicant.actor.email, 'Le Goff'])
        expect(event.body).not.toContain(personal);
    }
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
  });

  it('tell an endpoint of what it wants to know only, and no other agency', async () => {
    await endpoint(['application.withdrawn']);
    const stranger = await createAgency(sceau, 'Une autre agence');
    const application = newApplication();
    await tell(sceau, agency.agencyId, { application, revision: 3 });
    await tell(sceau, stranger.agencyId, { application: newApplication(), revision: 3 }, 'withdrawn');
    await tell(sceau, agency.agencyId, { application, revision: 4 }, 'withdrawn');
    const events = await here(1);
    expect(events.map(({ type, applicationId }) => [type, applicationId])).toEqual([
      ['application.withdrawn', application],
    ]);
    await minutePasses(sceau);
    const [pending] = await sceau.database.query(
      'SELECT count(*)::int AS count FROM webhooks.event WHERE pending',
    );
    expect(pending).toEqual({ count: 0 });
    // Of what nobody is told nothing is kept.
    const kept = await sceau.database.query('SELECT type FROM webhooks.event WHERE agency_id = $1', [
      stranger.agencyId,
    ]);
    expect(kept).toEqual([]);
  });

  it('are sent again after a failure, under the same id', async () => {
    const own = await endpoint();
    let refusals = 2;
    receiver.reaction = () => (refusals-- > 0 ? 503 : 200);
    await tell(sceau, agency.agencyId, { application: newApplication(), revision: 3 });
    await delivery(agency, own, 'the first failure', ({ attempts }) => attempts === 1);
    await timePasses(sceau, '2 minutes');
    await delivery(agency, own, 'the second failure', ({ attempts }) => attempts === 2);
    await timePasses(sceau, '3 minutes');
    const done = await delivery(agency, own, 'the delivery', ({ status }) => status === 'delivered');
    const events = await here(3);
    expect(new Set(events.map(({ id }) => id))).toEqual(new Set([done.eventId]));
    expect(events.map((event) => isSigned(event, own.secret))).toEqual([true, true, true]);
    const log = record((await agency.client.request(`${own.path}/deliveries/${done.id}`)).body);
    expect(log['attemptLog']).toMatchObject([
      { outcome: 'status_refused', httpStatus: 503 },
      { outcome: 'status_refused', httpStatus: 503 },
      { outcome: 'delivered', httpStatus: 200 },
    ]);
  });

  it('of one application keep their order, whatever fails; those of others do not wait for it', async () => {
    const own = await endpoint();
    const stuck = newApplication();
    receiver.reaction = ({ applicationId }) => (applicationId === stuck ? 500 : 204);
    await tell(sceau, agency.agencyId, { application: stuck, revision: 3 });
    await tell(sceau, agency.agencyId, { application: stuck, revision: 4 }, 'under_review');
    const other = newApplication();
    await tell(sceau, agency.agencyId, { application: other, revision: 3 });
    await delivery(agency, own, 'the other', ({ applicationId, status }) => {
      return applicationId === other && status === 'delivered';
    });
    await delivery(
      agency,
      own,
      'the failure',
      ({ attempts, status }) => attempts === 1 && status === 'pending',
    );
    await minutePasses(sceau);
    await tell(sceau, agency.agencyId, { application: stuck, revision: 5 }, 'withdrawn');
    const last = newApplication();
    await tell(sceau, agency.agencyId, { application: last, revision: 3 });
    await delivery(agency, own, 'the last', ({ applicationId, status }) => {
      return applicationId === last && status === 'delivered';
    });
    const ofStuck = () =>
      receiver.received
        .filter((event) => event.path === path && event.applicationId === stuck)
        .map(({ revision }) => revision);
    expect(ofStuck()).toEqual([3]);
    receiver.reaction = () => 204;
    await timePasses(sceau, '2 minutes');
    await here(2 + 4);
    expect(ofStuck()).toEqual([3, 3, 4, 5]);
  });

  it('of a sandbox say so, a test as well', async () => {
    agency = await createAgency(sceau, 'Bac à sable', undefined, 'sandbox');
    const own = await endpoint();
    await tell(sceau, agency.agencyId, { application: newApplication(), revision: 3 });
    await here(1);
    await agency.client.request(`${own.path}/test`, { method: 'POST' });
    const bodies = (await here(2)).map(({ body }) => record(JSON.parse(body)));
    expect(bodies).toEqual([
      expect.objectContaining({
        type: 'application.submitted',
        data: expect.objectContaining({ sandbox: true }),
      }),
      expect.objectContaining({ type: 'webhook.test', data: { agencyId: agency.agencyId, sandbox: true } }),
    ]);
  });

  it('are sent nowhere any more once a receiver says that it is gone, until its agency has it so again', async () => {
    const own = await endpoint();
    receiver.reaction = () => 410;
    await tell(sceau, agency.agencyId, { application: newApplication(), revision: 3 });
    const { id } = await delivery(agency, own, 'the answer', ({ lastOutcome }) => lastOutcome === 'gone');
    const off = await eventually('the endpoint to be off', async () => {
      const answer = await agency.client.request(own.path);
      return record(answer.body)['enabled'] === false ? answer : undefined;
    });
    expect(off.body).toMatchObject({ disabledBecause: 'gone' });
    const log = record((await agency.client.request(`${own.path}/deliveries/${id}`)).body);
    expect(log['attemptLog']).toMatchObject([{ outcome: 'gone', httpStatus: 410 }]);
    expect(await entriesOf(sceau, own.id, 'webhook.gone')).toMatchObject([
      { outcome: 'failed', reason: 'gone', actor: { id: 'webhooks.delivery' } },
    ]);
    await tell(sceau, agency.agencyId, { application: newApplication(), revision: 3 });
    await timePasses(sceau, '10 hours');
    expect((await agency.client.request(`${own.path}/test`, { method: 'POST' })).status).toBe(409);
    expect(await here(1)).toHaveLength(1);
    receiver.reaction = () => 204;
    const on = await agency.client.request(own.path, {
      method: 'PATCH',
      body: { enabled: true },
      headers: { 'if-match': off.headers.get('etag') ?? '' },
    });
    expect(on).toMatchObject({ status: 200, body: { enabled: true, disabledBecause: null } });
    await delivery(agency, own, 'the delivery', ({ status }) => status === 'delivered');
    expect(await deliveriesOf(agency, own)).toHaveLength(1);
  });

  it('go on when the address was changed while the one before said that it is gone', async () => {
    const own = await endpoint();
    const elsewhere = `/${randomUUID()}`;
    receiver.reaction = (event, response) => {
      if (event.path !== path) return 204;
      const moved = agency.client.request(own.path, {
        method: 'PATCH',
        body: { url: receiver.url(elsewhere) },
        headers: { 'if-match': `"r${own.revision}"` },
      });
      void moved.then(() => response.writeHead(410).end());
      return undefined;
    };
    await tell(sceau, agency.agencyId, { application: newApplication(), revision: 3 });
    await delivery(agency, own, 'the answer', ({ lastOutcome }) => lastOutcome === 'gone');
    await timePasses(sceau, '2 minutes');
    await receiver.events(elsewhere, 1);
    expect((await agency.client.request(own.path)).body).toMatchObject({ enabled: true });
  });

  it('leave a receiver alone for as long as it asks, whatever waits for it', async () => {
    const own = await endpoint();
    receiver.reaction = () => 500;
    const first = newApplication();
    await tell(sceau, agency.agencyId, { application: first, revision: 3 });
    await delivery(agency, own, 'the failure', ({ attempts }) => attempts === 1);
    receiver.reaction = (_, response) => {
      response.writeHead(503, { 'retry-after': '7200' }).end();
      return undefined;
    };
    const asked = sceau.clock.now().getTime();
    await tell(sceau, agency.agencyId, { application: newApplication(), revision: 3 });
    await delivery(agency, own, 'the pause', ({ applicationId, nextAttemptAt }) => {
      return (
        applicationId === first && nextAttemptAt !== null && Date.parse(nextAttemptAt) >= asked + 7_200_000
      );
    });
    const next = (await deliveriesOf(agency, own)).map(({ nextAttemptAt }) =>
      Date.parse(nextAttemptAt ?? ''),
    );
    expect(Math.min(...next)).toBeGreaterThanOrEqual(asked + 7_200_000);
    receiver.reaction = () => 204;
    await timePasses(sceau, '110 minutes');
    expect(await here(2)).toHaveLength(2);
    await timePasses(sceau, '25 minutes');
    await here(4);
  });

  it('are given up after three days of trying, and sent when asked for again', async () => {
    const own = await endpoint();
    receiver.reaction = () => 500;
    const application = newApplication();
    await tell(sceau, agency.agencyId, { application, revision: 3 });
    await tell(sceau, agency.agencyId, { application, revision: 4 }, 'under_review');
    await delivery(agency, own, 'the failure', ({ attempts }) => attempts === 1);
    await timePasses(sceau, '73 hours');
    await delivery(agency, own, 'the end of both', ({ status, type }) => {
      return status === 'dead' && type === 'application.under_review';
    });
    const dead = await deliveriesOf(agency, own, '&status=dead');
    expect(dead.map(({ type, lastOutcome }) => [type, lastOutcome])).toEqual([
      ['application.under_review', 'status_refused'],
      ['application.submitted', 'status_refused'],
    ]);
    receiver.reaction = () => 204;
    const before = receiver.received.length;
    const replayed = await agency.client.request(`${own.path}/replay`, { method: 'POST', body: {} });
    expect(replayed).toMatchObject({ status: 202, body: { replayed: 2 } });
    await delivery(agency, own, 'both', ({ status, type }) => {
      return status === 'delivered' && type === 'application.under_review';
    });
    expect(receiver.received.slice(before).map(({ revision }) => revision)).toEqual([3, 4]);
  });
});
