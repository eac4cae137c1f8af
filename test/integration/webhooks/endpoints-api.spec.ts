import { randomUUID } from 'node:crypto';
import { type AgencyActor, createAgency, record } from '../../support/actors.js';
import { LoopbackNetwork } from '../../support/loopback-network.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { isSigned, WebhookReceiver } from '../../support/webhook-receiver.js';
import { delivery, deliveriesOf, entriesOf, newApplication, register, tell, timePasses } from './fixture.js';

const NAME = 'recepteur.example';

/** `/v1/agency/webhooks`, as agencies' programs use it. */
describe('webhook endpoints', () => {
  let network: LoopbackNetwork;
  let receiver: WebhookReceiver;
  let sceau: Sceau;
  let agency: AgencyActor;
  let path: string;

  beforeAll(async () => {
    network = new LoopbackNetwork();
    receiver = await WebhookReceiver.start([NAME]);
    const webhooks = { authorities: receiver.authorities };
    sceau = await startSceau({ network, adjust: (settings) => ({ ...settings, webhooks }) });
  }, 60_000);

  afterAll(async () => {
    await sceau.stop();
    await receiver.stop();
  });

  beforeEach(async () => {
    receiver.reaction = () => 204;
    agency = await createAgency(sceau);
    path = `/${randomUUID()}`;
  });

  const move = (who = agency) => tell(sceau, who.agencyId, { application: newApplication(), revision: 3 });
  const endpoint = (host?: string) => register(agency, receiver.url(path, host));

  it('are set up for addresses of the public Internet only, with one answer whatever is wrong', async () => {
    network.name('interne.example', ['10.0.0.1']);
    network.name('inconnu.example', []);
    const answers = await Promise.all(
      ['interne.example', 'inconnu.example', '169.254.169.254', '[::1]'].map(async (host) => {
        const body = { url: `https://${host}/`, events: ['application.submitted'] };
        const { status, body: problem } = await agency.client.request('/v1/agency/webhooks', { body });
        const { code, errors, detail } = record(problem);
        return { status, code, errors, detail };
      }),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 422, errors: [{ pointer: '/url', code: 'not_allowed' }] });
  });

  it('are sent nothing once their name leads elsewhere', async () => {
    network.name(NAME, ['127.0.0.1'], ['10.0.0.1']);
    const own = await endpoint(NAME);
    await move();
    await delivery(agency, own, 'the refusal', ({ lastOutcome }) => lastOutcome === 'address_not_allowed');
    expect(receiver.received.filter((event) => event.path === path)).toEqual([]);
    const refused = await entriesOf(sceau, own.id, 'webhook.destination_refused');
    expect(refused).toMatchObject([{ reason: 'address_not_allowed', actor: { kind: 'system' } }]);
    network.name(NAME, ['127.0.0.1']);
    await timePasses(sceau, '16 minutes');
    await receiver.events(path, 1);
  });

  it('have two secrets for a while, both of which sign, and never three', async () => {
    const own = await endpoint();
    const rotate = (body: object) => agency.client.request(`${own.path}/secrets`, { body });
    const second = await rotate({});
    expect(second).toMatchObject({ status: 201, body: { secrets: [{ expiresAt: null }, {}] } });
    await move();
    const [event] = await receiver.events(path, 1);
    if (event === undefined) throw new Error('Nothing came in.');
    expect(isSigned(event, own.secret)).toBe(true);
    expect(isSigned(event, String(record(second.body)['secret']))).toBe(true);
    expect((await rotate({})).status).toBe(409);
    const third = await rotate({ overlapHours: 0 });
    expect(third).toMatchObject({ status: 201, body: { secrets: [{ expiresAt: null }] } });
    await move();
    const [, next] = await receiver.events(path, 2);
    if (next === undefined) throw new Error('Nothing more came in.');
    expect(isSigned(next, own.secret)).toBe(false);
    expect(isSigned(next, String(record(third.body)['secret']))).toBe(true);
  });

  it('show their secret once, and to a repeated request the same one', async () => {
    const wish = {
      body: { url: receiver.url(path), events: ['application.submitted'] },
      headers: { 'idempotency-key': randomUUID() },
    };
    const first = await agency.client.request('/v1/agency/webhooks', wish);
    const again = await agency.client.request('/v1/agency/webhooks', wish);
    expect(again.body).toEqual(first.body);
    const { secret } = record(first.body);
    const list = await agency.client.request('/v1/agency/webhooks');
    expect(record(list.body)['items']).toHaveLength(1);
    expect(JSON.stringify(list.body)).not.toContain(String(secret));
  });

  it('collect nothing while they are off; what waits is tried when they are on again', async () => {
    const own = await endpoint();
    receiver.reaction = () => 500;
    await move();
    await delivery(agency, own, 'a failure', ({ attempts }) => attempts === 1);
    const set = async (enabled: boolean): Promise<void> => {
      const headers = { 'if-match': (await agency.client.request(own.path)).headers.get('etag') ?? '' };
      const answer = await agency.client.request(own.path, { method: 'PATCH', body: { enabled }, headers });
      expect(answer).toMatchObject({ status: 200, body: { enabled } });
    };
    await set(false);
    expect((await agency.client.request(`${own.path}/test`, { method: 'POST' })).status).toBe(409);
    await move();
    await timePasses(sceau, '5 minutes');
    receiver.reaction = () => 204;
    await set(true);
    await delivery(agency, own, 'the delivery', ({ status }) => status === 'delivered');
    expect(await deliveriesOf(agency, own)).toHaveLength(1);
  });

  it('are changed by whoever has seen them last, and are ten at most', async () => {
    const own = await endpoint();
    const patch = (headers: Record<string, string>) =>
      agency.client.request(own.path, { method: 'PATCH', body: { enabled: true }, headers });
    expect((await patch({})).status).toBe(428);
    expect((await patch({ 'if-match': '"r99"' })).status).toBe(412);
    for (let count = 1; count < 10; count += 1) await endpoint();
    const body = { url: receiver.url(path), events: ['application.submitted'] };
    expect((await agency.client.request('/v1/agency/webhooks', { body })).status).toBe(409);
  });

  it('are another agency’s to nobody, with and without row-level security', async () => {
    const own = await endpoint();
    await move();
    const { id } = await delivery(agency, own, 'the delivery', ({ status }) => status === 'delivered');
    const other = await createAgency(sceau, 'Une autre agence');
    const attempts = async () => {
      const routes: readonly (readonly [string, string, object?])[] = [
        ['GET', own.path],
        ['DELETE', own.path],
        ['POST', `${own.path}/secrets`, {}],
        ['POST', `${own.path}/test`],
        ['POST', `${own.path}/replay`],
        ['GET', `${own.path}/deliveries`],
        ['GET', `${own.path}/deliveries/${id}`],
        ['POST', `${own.path}/deliveries/${id}/replay`],
      ];
      const statuses: number[] = [];
      for (const [method, route, body] of routes)
        statuses.push((await other.client.request(route, { method, ...(body && { body }) })).status);
      return new Set(statuses);
    };
    expect(await attempts()).toEqual(new Set([404]));
    const tables = ['endpoint', 'event', 'delivery', 'attempt'];
    const switchWalls = (to: string) =>
      sceau.database.query(
        tables.map((table) => `ALTER TABLE webhooks.${table} ${to} ROW LEVEL SECURITY`).join(';'),
      );
    await switchWalls('DISABLE');
    try {
      expect(await attempts()).toEqual(new Set([404]));
    } finally {
      await switchWalls('ENABLE');
    }
  });

  it('need their own scope', async () => {
    await agency.client.authorise(['applications:read']);
    const answer = await agency.client.request('/v1/agency/webhooks');
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden_scope' } });
  });
});
