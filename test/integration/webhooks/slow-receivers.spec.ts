import { type AgencyActor, createAgency } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { WebhookReceiver } from '../../support/webhook-receiver.js';
import { delivery, newApplication, register, type RegisteredEndpoint, tell } from './fixture.js';

const AGENCIES = 3;
const APPLICATIONS = 12;
/** Events that one endpoint is sent at the same time. */
const AT_ONCE = 8;

describe('a receiver that does not answer', () => {
  let receiver: WebhookReceiver;
  let sceau: Sceau;
  let healthy: AgencyActor;
  let endpoint: RegisteredEndpoint;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    const webhooks = { authorities: receiver.authorities };
    sceau = await startSceau({ adjust: (settings) => ({ ...settings, webhooks }) });
    healthy = await createAgency(sceau);
    endpoint = await register(healthy, receiver.url('/healthy'));
  }, 60_000);

  afterAll(async () => {
    await sceau.stop();
    await receiver.stop();
  }, 60_000);

  it('delays nobody else, nor is it sent more than a few at once', async () => {
    receiver.reaction = ({ path }) => (path === '/healthy' ? 204 : undefined);
    for (let index = 0; index < AGENCIES; index += 1) {
      const silent = await createAgency(sceau, `Organisme ${index}`);
      await register(silent, receiver.url(`/silent/${index}`));
      for (let number = 0; number < APPLICATIONS; number += 1)
        await tell(sceau, silent.agencyId, { application: newApplication(), revision: 3 });
      await receiver.events(`/silent/${index}`, AT_ONCE);
    }
    await tell(sceau, healthy.agencyId, { application: newApplication(), revision: 3 });
    await receiver.events('/healthy', 1);
    for (let index = 0; index < AGENCIES; index += 1)
      expect(receiver.mostAtOnce(`/silent/${index}`)).toBeLessThanOrEqual(AT_ONCE);
    await delivery(healthy, endpoint, 'the delivery', ({ status }) => status === 'delivered');
  }, 60_000);
});
