import { newId } from '../../../src/kernel/ids.js';
import { type AgencyActor, createAgency } from '../../support/actors.js';
import { runCommand } from '../../support/command-line.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { WebhookReceiver } from '../../support/webhook-receiver.js';
import { delivery, newApplication, register, type RegisteredEndpoint, tell, timePasses } from './fixture.js';

const SECRET_PATH = '/chemin-confidentiel';

/** The operator's command line beside the running product. */
describe('sceau webhooks', () => {
  let receiver: WebhookReceiver;
  let sceau: Sceau;
  let agency: AgencyActor;
  let endpoint: RegisteredEndpoint;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    const webhooks = { authorities: receiver.authorities };
    sceau = await startSceau({ adjust: (settings) => ({ ...settings, webhooks }) });
    agency = await createAgency(sceau);
    endpoint = await register(agency, receiver.url(SECRET_PATH));
  }, 60_000);

  afterAll(async () => {
    await sceau.stop();
    await receiver.stop();
  });

  const sceauCli = (...args: readonly string[]) => runCommand(sceau, args);

  it('lists what was given up without where it was to go, and has it sent again', async () => {
    receiver.reaction = () => 500;
    await tell(sceau, agency.agencyId, { application: newApplication(), revision: 3 });
    await delivery(agency, endpoint, 'a failure', ({ attempts }) => attempts === 1);
    await timePasses(sceau, '73 hours');
    const { id } = await delivery(agency, endpoint, 'the end', ({ status }) => status === 'dead');
    const list = await sceauCli('webhooks', 'dead', '--agency', agency.agencyId);
    expect(list).toMatchObject({ code: 0, output: expect.stringContaining('1 given up.\n') });
    expect(list.output).toMatch(
      new RegExp(
        `^${id} {2}agency ${agency.agencyId} {2}application.submitted .* 2 attempts, status_refused$`,
        'm',
      ),
    );
    expect(list.output).not.toContain(SECRET_PATH);
    const stranger = newId<'agency'>(Date.now());
    expect((await sceauCli('webhooks', 'dead', '--agency', stranger)).output).toBe('0 given up.\n');

    receiver.reaction = () => 204;
    expect(await sceauCli('webhooks', 'replay', id)).toMatchObject({ code: 0 });
    await delivery(agency, endpoint, 'the delivery', ({ status }) => status === 'delivered');
    expect(receiver.received.map((event) => event.id)).toEqual(Array(3).fill(receiver.received[0]?.id));
    const entries = await sceau.database.query<{ action: string; actor: string }>(
      `SELECT e->>'action' AS action, e->'actor'->>'id' AS actor FROM (
         SELECT convert_from(envelope, 'UTF8')::jsonb FROM audit.staging
         UNION ALL SELECT convert_from(envelope, 'UTF8')::jsonb FROM audit.leaf) AS t (e)
       WHERE e->>'action' IN ('webhook.given_up', 'webhook.replayed') ORDER BY e->>'id'`,
    );
    expect(entries).toEqual([
      { action: 'webhook.given_up', actor: 'webhooks.delivery' },
      { action: 'webhook.replayed', actor: 'webhooks.replay' },
    ]);
    const again = await sceauCli('webhooks', 'replay', id);
    expect(again).toMatchObject({ code: 1, output: expect.stringContaining('has not been given up') });
  }, 120_000);

  it('says so when there is no such delivery', async () => {
    expect((await sceauCli('webhooks', 'replay', 'demain')).output).toContain('Name a delivery by its id');
    expect((await sceauCli('webhooks', 'replay', newId<'delivery'>(Date.now()))).code).toBe(1);
  }, 60_000);
});
