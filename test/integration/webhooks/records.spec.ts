import { randomUUID } from 'node:crypto';
import { newId } from '../../../src/kernel/ids.js';
import { type AgencyActor, createAgency } from '../../support/actors.js';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { WebhookReceiver } from '../../support/webhook-receiver.js';
import { copyRow, plant, putBack, refusalsOf } from '../sealing/record-rows.js';
import {
  deliveriesOf,
  newApplication,
  register,
  type RegisteredEndpoint,
  tell,
  timePasses,
} from './fixture.js';

const ENDPOINT = 'webhooks.endpoint';

/** A writer to the database with every right in it, who would have an agency's events. */
describe('an endpoint’s record', () => {
  let receiver: WebhookReceiver;
  let sceau: Sceau;
  let agency: AgencyActor;
  let endpoint: RegisteredEndpoint;
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
    path = `/${randomUUID()}`;
    endpoint = await register(agency, receiver.url(path));
  });

  const move = () => tell(sceau, agency.agencyId, { application: newApplication(), revision: 3 });
  const refusals = (id = endpoint.id) => refusalsOf(sceau.database, id);
  const receivedAt = (where: string) => receiver.received.filter((event) => event.path === where).length;
  const deliveriesHeld = () =>
    sceau.database.query<{ id: string }>(
      `SELECT id FROM webhooks.delivery WHERE endpoint_id = $1 AND due_at > now() + interval '10 minutes'`,
      [endpoint.id],
    );
  /** Nothing is sent to an endpoint, and why. */
  async function expectRefused(id: string, reason: string): Promise<void> {
    await move();
    const [found] = await eventually('the refusal', async () => {
      const all = await refusals(id);
      return all.length > 0 ? all : undefined;
    });
    expect(found).toBe(`refused: ${reason}`);
    const rows = await sceau.database.query<{ attempts: number; status: string }>(
      'SELECT attempts, status FROM webhooks.delivery WHERE endpoint_id = $1',
      [id],
    );
    expect(rows).toEqual([{ attempts: 0, status: 'pending' }]);
  }

  it('stands through changes and is sent to', async () => {
    const patched = await agency.client.request(endpoint.path, {
      method: 'PATCH',
      body: { events: ['application.submitted'] },
      headers: { 'if-match': `"r${endpoint.revision}"` },
    });
    expect(patched.status).toBe(200);
    await agency.client.request(`${endpoint.path}/secrets`, { body: {} });
    await move();
    await receiver.events(path, 1);
    expect(await refusals()).toEqual([]);
  });

  it('sends nothing to the address of another endpoint that was put in its place', async () => {
    const evil = await createAgency(sceau, 'Un organisme à part');
    const elsewhere = `/${randomUUID()}`;
    const { url, secrets } = await copyRow(
      sceau.database,
      ENDPOINT,
      (await register(evil, receiver.url(elsewhere))).id,
    );
    await putBack(sceau.database, ENDPOINT, {
      ...(await copyRow(sceau.database, ENDPOINT, endpoint.id)),
      url,
      secrets,
    });
    await expectRefused(endpoint.id, 'forged');
    expect([receivedAt(path), receivedAt(elsewhere)]).toEqual([0, 0]);
    expect((await agency.client.request(endpoint.path)).status).toBe(409);
  });

  it('is not honoured where nobody has registered it', async () => {
    const id = newId<'endpoint'>(Date.now());
    await plant(sceau.database, ENDPOINT, { ...(await copyRow(sceau.database, ENDPOINT, endpoint.id)), id });
    await expectRefused(id, 'forged');
    await receiver.events(path, 1);
    expect(receivedAt(path)).toBe(1);
    const { body } = await agency.client.request('/v1/agency/webhooks');
    expect(body).toMatchObject({ items: [{ id: endpoint.id }], nextCursor: null });
  });

  it('does not take its address of before', async () => {
    const old = await copyRow(sceau.database, ENDPOINT, endpoint.id);
    const elsewhere = `/${randomUUID()}`;
    await agency.client.request(endpoint.path, {
      method: 'PATCH',
      body: { url: receiver.url(elsewhere) },
      headers: { 'if-match': `"r${endpoint.revision}"` },
    });
    await putBack(sceau.database, ENDPOINT, old);
    await expectRefused(endpoint.id, 'superseded');
    expect([receivedAt(path), receivedAt(elsewhere)]).toEqual([0, 0]);
  });

  it('is not brought back once it is deleted', async () => {
    const old = await copyRow(sceau.database, ENDPOINT, endpoint.id);
    expect((await agency.client.request(endpoint.path, { method: 'DELETE' })).status).toBe(204);
    await plant(sceau.database, ENDPOINT, old);
    await expectRefused(endpoint.id, 'superseded');
  });

  it('is enabled by nobody but its agency, told of nothing that it did not ask for, and belongs to no other', async () => {
    const other = await createAgency(sceau, 'Une autre agence');
    const row = await copyRow(sceau.database, ENDPOINT, endpoint.id);
    await putBack(sceau.database, ENDPOINT, { ...row, event_types: ['application.submitted'] });
    await expectRefused(endpoint.id, 'forged');
    await putBack(sceau.database, ENDPOINT, { ...row, agency_id: other.agencyId });
    expect((await other.client.request(endpoint.path)).status).toBe(409);
  });

  it('that was altered keeps what waits for it, and alerts no more than every quarter of an hour', async () => {
    const row = await copyRow(sceau.database, ENDPOINT, endpoint.id);
    await putBack(sceau.database, ENDPOINT, { ...row, event_types: ['application.submitted'] });
    await expectRefused(endpoint.id, 'forged');
    await eventually('the delivery to be held', async () => {
      const [held] = await deliveriesHeld();
      return held;
    });
    const before = (await refusals()).length;
    await timePasses(sceau, '5 minutes');
    await timePasses(sceau, '5 minutes');
    expect((await refusals()).length).toBe(before);
    await putBack(sceau.database, ENDPOINT, row);
    await timePasses(sceau, '6 minutes');
    await receiver.events(path, 1);
    expect(await deliveriesOf(agency, endpoint)).toMatchObject([{ attempts: 1, status: 'delivered' }]);
  });
});
