import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type Id, parseId } from '../../../src/kernel/ids.js';
import { MailFates, OutboxSweep } from '../../../src/modules/identity/index.js';
import { Settings } from '../../../src/platform/config/settings.js';
import { Database } from '../../../src/platform/database/database.js';
import { Jobs } from '../../../src/platform/jobs/jobs.js';
import { parseMail } from '../../../tools/client/mail.ts';
import { PersonClient } from '../../../tools/client/person.ts';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { TestSmtpServer } from '../../support/smtp-server.js';
import { ledgerEntries } from '../agencies/agency-program.js';

/** The outbox, the jobs and a real mail server, all the way from a request. */
describe('the delivery of mail', () => {
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

  async function register(locale: 'fr' | 'en'): Promise<string> {
    const email = `candidat.${randomBytes(6).toString('hex')}@example.fr`;
    const body = { email, password: 'quatre chevaux bleus sur la digue', locale };
    const { status } = await new PersonClient(sceau.url).request('/v1/registrations', { body });
    expect(status).toBe(202);
    return email;
  }

  const received = (email: string) =>
    eventually('the mail', async () => server.received.find(({ to }) => to.includes(email)));

  const sweep = () => sceau.worker.get(OutboxSweep, { strict: false }).run();

  /** One that the server could not take yet. @returns whom it goes to */
  async function postponed(): Promise<string> {
    server.answers.push(451);
    const email = await register('fr');
    await eventually('the first try', async () => (server.answers.length === 0 ? true : undefined));
    return email;
  }

  /** Registers somebody while whoever writes to the tables of jobs does as they like. */
  async function whileHeld(change: string): Promise<string> {
    const before = (await outbox()).length;
    await sceau.database.query(`
      CREATE FUNCTION public.hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${change} END $$;
      CREATE TRIGGER hold BEFORE INSERT ON jobs.job FOR EACH ROW WHEN (NEW.name = 'mail') EXECUTE FUNCTION public.hold()`);
    try {
      const email = await register('fr');
      await eventually('the mail', async () => ((await outbox()).length > before ? true : undefined));
      return email;
    } finally {
      await sceau.database.query('DROP TRIGGER hold ON jobs.job; DROP FUNCTION public.hold()');
    }
  }

  const outbox = () => sceau.database.query<{ id: string }>('SELECT id::text FROM platform.outgoing_mail');
  const emptied = () =>
    eventually('an empty outbox', async () => ((await outbox()).length === 0 ? true : undefined));

  it.each([
    ['fr', 'Confirmez votre adresse électronique', /^Pour créer votre compte/m],
    ['en', 'Confirm your e-mail address', /^To create your account/m],
  ] as const)(
    'brings the link in %s over an encrypted connection, and forgets the mail',
    async (locale, subject, text) => {
      const email = await register(locale);
      const mail = await received(email);
      expect(mail.secure).toBe(true);
      const parsed = parseMail(mail.source);
      expect(parsed.subject).toBe(subject);
      expect(parsed.text).toMatch(text);
      const token = /^[\w-]{43}$/m.exec(parsed.text)?.[0] ?? '';
      expect(parsed.text).toContain(`${sceau.url}/welcome#confirm=${token}`);
      await emptied();
      const confirmed = await new PersonClient(sceau.url).request('/v1/registrations/confirm', {
        body: { token },
      });
      expect(confirmed.status).toBe(200);
    },
  );

  it('tries again when the server cannot take it yet, not at once, and then sends it once', async () => {
    const email = await postponed();
    server.answers.push(451);
    await sweep();
    expect(server.answers).toEqual([451]);
    sceau.clock.advance({ minutes: 2 });
    await sweep();
    expect(server.answers).toEqual([]);
    sceau.clock.advance({ minutes: 3 });
    await sweep();
    expect(await outbox()).toHaveLength(1);
    sceau.clock.advance({ minutes: 1 });
    await Promise.all([sweep(), sweep()]);
    expect(await outbox()).toEqual([]);
    expect(server.received.filter(({ to }) => to.includes(email))).toHaveLength(1);
  });

  it.each([
    ['has lost its job', 'RETURN NULL;'],
    ['has a job that waits for years', "NEW.start_after := now() + interval '9 years'; RETURN NEW;"],
    ['has a job that seems to be done', "NEW.state := 'active'; NEW.started_on := now(); RETURN NEW;"],
  ])('sends once what %s', async (_, change) => {
    const email = await whileHeld(change);
    await sweep();
    expect(await outbox()).toHaveLength(1);
    sceau.clock.advance({ minutes: 6 });
    await Promise.all([sweep(), sweep()]);
    expect(await outbox()).toEqual([]);
    await sceau.database.query(
      `UPDATE jobs.job SET start_after = now(), state = 'created' WHERE name = 'mail' AND state < 'completed'`,
    );
    await eventually('the job', async () => {
      const left = await sceau.database.query(
        `SELECT FROM jobs.job WHERE name = 'mail' AND state < 'completed'`,
      );
      return left.length === 0 ? true : undefined;
    });
    expect(server.received.filter(({ to }) => to.includes(email))).toHaveLength(1);
  });

  it('sends what somebody has written to be tried in years', async () => {
    const email = await postponed();
    await sceau.database.query(
      `UPDATE platform.outgoing_mail SET next_try_at = now() + interval '9 years', tries = 1000000`,
    );
    await sweep();
    expect(server.received.filter(({ to }) => to.includes(email))).toHaveLength(1);
    expect(await outbox()).toEqual([]);
  });

  it('has one Message-ID, however often it is sent, which says nothing of the outbox', async () => {
    const email = await postponed();
    const [row] = await sceau.database.query<Record<string, unknown>>('SELECT * FROM platform.outgoing_mail');
    sceau.clock.advance({ minutes: 2 });
    await sweep();
    await received(email);
    await emptied();
    // As a worker leaves it that is killed after the server has taken the mail.
    await sceau.database.query(
      'INSERT INTO platform.outgoing_mail (id, account_id, message, created_at) VALUES ($1, $2, $3, $4)',
      [row?.['id'], row?.['account_id'], row?.['message'], row?.['created_at']],
    );
    const mailId = String(row?.['id']);
    await sceau.app.get(Jobs, { strict: false }).send('mail', { mailId });
    await emptied();
    const other = await register('fr');
    await received(other);
    const ids = (address: string) =>
      server.received
        .filter(({ to }) => to.includes(address))
        .map(({ source }) => /^Message-ID: <([0-9a-f]{32})@sceau\.localhost>\r$/im.exec(source)?.[1] ?? '');
    expect(ids(email)).toHaveLength(2);
    expect(new Set(ids(email)).size).toBe(1);
    expect(ids(email)[0]).not.toBe('');
    expect(ids(other)).not.toContain(ids(email)[0]);
    expect(mailId.replaceAll('-', '')).not.toContain(ids(email)[0]?.slice(0, 8));
  });

  it('gives up at once on a recipient that the server does not know, and forgets the mail', async () => {
    server.answers.push(550);
    const email = await register('fr');
    await eventually('the refusal', async () => (server.answers.length === 0 ? true : undefined));
    await emptied();
    expect(server.received.filter(({ to }) => to.includes(email))).toEqual([]);
  });

  it('keeps a mail whose server wants none of us, and sends it when that is mended', async () => {
    const refused = ['554 5.7.1 Relay access denied', '554 Client host blocked', '552 5.2.2 Mailbox full'];
    server.answers.push(...refused);
    const email = await register('fr');
    for (let left = refused.length - 1; left >= 0; left -= 1) {
      await eventually('a try', async () => (server.answers.length === left ? true : undefined));
      expect(await outbox()).toHaveLength(1);
      sceau.clock.advance({ minutes: 60 });
      await sweep();
    }
    expect(server.received.filter(({ to }) => to.includes(email))).toHaveLength(1);
    expect(await outbox()).toEqual([]);
  });

  describe('that no server takes', () => {
    const told = async () => (await ledgerEntries(sceau, 'mail.undeliverable')).map(({ count }) => count);
    const given = async () => {
      server.answers.push(550);
      await register('fr');
      await eventually('the refusal', async () => (server.answers.length === 0 ? true : undefined));
      await emptied();
    };
    /** What was given up before is told, and for an hour nothing is. */
    async function beginHour(): Promise<number> {
      await given();
      sceau.clock.advance({ minutes: 61 });
      await sweep();
      return (await told()).length;
    }

    it('is told to operators by one alert an hour, however much there is', async () => {
      const before = await beginHour();
      await given();
      await given();
      await sweep();
      expect(await told()).toHaveLength(before);
      sceau.clock.advance({ minutes: 61 });
      await Promise.all([sweep(), sweep()]);
      expect((await told()).slice(before)).toEqual([2]);
      sceau.clock.advance({ minutes: 61 });
      await sweep();
      expect(await told()).toHaveLength(before + 1);
      // Somebody has written that operators were told in the future.
      await sceau.database.query(
        `UPDATE platform.undeliverable_mail SET told_at = now() + interval '9 years'`,
      );
      await given();
      await sweep();
      expect((await told()).slice(before)).toEqual([2, 1]);
    });

    it('is counted once though the process ended at that moment, and so is what was tried for three days', async () => {
      const before = await beginHour();
      const holder = new pg.Client({ connectionString: sceau.database.ownerUrl });
      await holder.connect();
      await holder.query('BEGIN; SELECT FROM platform.undeliverable_mail FOR UPDATE');
      server.answers.push(550);
      await register('fr');
      await eventually('the count', async () => {
        const [killed] = await sceau.database.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ~ 'INSERT INTO platform.undeliverable_mail'`,
        );
        return killed;
      });
      await holder.query('ROLLBACK');
      await holder.end();
      const [mail] = await outbox();
      const id = parseId<Id<'mail'>>(mail?.id ?? '');
      if (id === undefined) throw new Error('The mail is still there.');
      server.answers.push(550);
      sceau.clock.advance({ minutes: 2 });
      await sweep();
      expect(await outbox()).toEqual([]);
      // Another worker that had tried it too.
      await sceau.worker
        .get(Database, { strict: false })
        .run({ kind: 'system' }, (manager) =>
          sceau.worker.get(MailFates, { strict: false }).end(manager, id, 'refused'),
        );
      const email = await postponed();
      server.answers.push(451);
      sceau.clock.advance({ minutes: 3 * 24 * 60 + 1 });
      await sweep();
      expect(await outbox()).toEqual([]);
      expect((await told()).slice(before)).toEqual([2]);
      server.answers.length = 0;
      expect(server.received.filter(({ to }) => to.includes(email))).toEqual([]);
    });
  });
});
