import { newId } from '../../../src/kernel/ids.js';
import { OutboxSweep } from '../../../src/modules/identity/index.js';
import { MESSAGE } from '../../../src/modules/identity/persistence/places.js';
import { Settings } from '../../../src/platform/config/settings.js';
import { INSTALLATION, Sealer } from '../../../src/sealing/index.js';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { type Answer, HANG_UP, TestSmtpServer } from '../../support/smtp-server.js';

describe('a round of tries of many mails', () => {
  let sceau: Sceau;
  let server: TestSmtpServer;

  beforeAll(async () => {
    server = await TestSmtpServer.start();
    sceau = await startSceau({
      adjust: (settings) => new Settings({ ...settings, mail: server.settings() }),
    });
  }, 60_000);

  afterAll(async () => {
    await sceau.stop();
    await server.stop();
  });

  const sweep = () => sceau.worker.get(OutboxSweep, { strict: false }).run();
  const outbox = () => sceau.database.query('SELECT FROM platform.outgoing_mail');

  /** Mails that have failed once, and are due. @returns whom they go to, by the moments at which they are due */
  async function manyPostponed(count: number): Promise<readonly string[]> {
    const now = sceau.clock.now().getTime();
    const emails: string[] = [];
    for (let one = 0; one < count; one += 1) {
      const id = newId<'mail'>(now);
      const to = `camille.${id}@example.fr`;
      const message = await sceau.worker
        .get(Sealer, { strict: false })
        .seal(MESSAGE, { subject: INSTALLATION, row: id }, { to, subject: 'Bonjour', text: 'Voilà.' });
      await sceau.database.query(
        `INSERT INTO platform.outgoing_mail (id, account_id, message, created_at, tries, next_try_at)
         VALUES ($1, $2, $3, $4, 1, $5)`,
        [id, INSTALLATION, message, new Date(now - 180_000), new Date(now - 60_000 + one)],
      );
      emails.push(to);
    }
    return emails;
  }

  const reached = (emails: readonly string[]) =>
    emails.map((email) => server.received.filter(({ to }) => to.includes(email)).length);

  afterEach(async () => {
    server.answers.length = 0;
    sceau.clock.advance({ minutes: 61 });
    await sweep();
    await eventually('an empty outbox', async () => ((await outbox()).length === 0 ? true : undefined));
  });

  it('sends in the same round what comes after recipients that the server does not take yet', async () => {
    const emails = await manyPostponed(42);
    server.answers.push(...Array<Answer>(40).fill('451 4.3.0 Not now.'));
    await sweep();
    expect(reached(emails)).toEqual([...Array<number>(40).fill(0), 1, 1]);
    expect(await outbox()).toHaveLength(40);
  });

  it.each<[string, Answer]>([
    ['says that it closes', '421 4.3.2 Closing.'],
    ['hangs up', HANG_UP],
  ])('tries four and no more at a server that %s', async (_, answer) => {
    await manyPostponed(6);
    server.answers.push(...Array<Answer>(6).fill(answer));
    await sweep();
    expect(server.answers).toHaveLength(2);
    expect(await outbox()).toHaveLength(6);
  });

  it('ends a round in time, however slow the server is', async () => {
    const emails = await manyPostponed(10);
    server.answers.push(...Array<Answer>(10).fill('451 4.3.0 Not now.'));
    server.beforeAnswer = () => sceau.clock.advance({ minutes: 1 });
    try {
      await sweep();
    } finally {
      server.beforeAnswer = undefined;
    }
    expect(server.answers).toHaveLength(2);
    expect(reached(emails)).toEqual(emails.map(() => 0));
  });

  it('tries what has failed once before what has failed for days', async () => {
    const old = await manyPostponed(4);
    await sceau.database.query(
      `UPDATE platform.outgoing_mail SET tries = 40, next_try_at = next_try_at - interval '9 minutes'`,
    );
    const young = await manyPostponed(4);
    server.beforeAnswer = () => sceau.clock.advance({ minutes: 2 });
    try {
      await sweep();
    } finally {
      server.beforeAnswer = undefined;
    }
    expect([...reached(young), ...reached(old)]).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
  });
});
