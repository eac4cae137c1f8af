import { Authenticator } from '../../../tools/client/authenticator.ts';
import type { Exchange } from '../../../tools/client/exchange.ts';
import { PersonClient } from '../../../tools/client/person.ts';
import { record } from '../../support/actors.js';
import { eventually } from '../../support/eventually.js';
import { type Mail, Mailbox } from '../../support/mailbox.js';
import type { Sceau } from '../../support/sceau.js';

const PASSWORD = 'quatre chevaux bleus sur la digue';
const TOKEN = /^[\w-]{43}$/m;

/** What is in the database of a kind, as its owner counts it. */
const COUNTS = `SELECT
  (SELECT count(*) FROM identity.registration_request)::integer AS requests,
  (SELECT count(*) FROM jobs.job WHERE name = 'registration')::integer AS jobs,
  (SELECT count(*) FROM audit.staging WHERE convert_from(envelope, 'UTF8')::jsonb->>'action' LIKE 'account.%')::integer
    + (SELECT count(*) FROM audit.entry WHERE action LIKE 'account.%')::integer AS entries,
  (SELECT count(*) FROM identity.account)::integer AS accounts,
  (SELECT count(*) FROM identity.ticket)::integer AS tickets,
  (SELECT count(*) FROM platform.outgoing_mail)::integer AS mails`;

type Counts = Readonly<Record<'requests' | 'jobs' | 'entries' | 'accounts' | 'tickets' | 'mails', number>>;

interface Asking {
  readonly password?: string;
  /** Address that it comes from, where the one proxy is trusted. */
  readonly origin?: string;
}

/** Somebody who signs up by hand, one step at a time, and a look at what that leaves behind. */
export class SignUp {
  readonly #sceau: Sceau;
  readonly #anyone: PersonClient;
  readonly #mailbox: Mailbox;

  constructor(sceau: Sceau) {
    this.#sceau = sceau;
    this.#anyone = new PersonClient(sceau.url);
    this.#mailbox = new Mailbox(`${sceau.home}/mail`);
  }

  async ask(email: string, { password = PASSWORD, origin = '127.0.0.1' }: Asking = {}): Promise<void> {
    const { status } = await this.#anyone.request('/v1/registrations', {
      body: { email, password, locale: 'fr' },
      headers: { 'x-forwarded-for': origin },
    });
    if (status !== 202) throw new Error(`A sign-up answers ${status}.`);
  }

  /** Asks, and waits for the mail. @returns the token in it */
  async link(email: string, password = PASSWORD): Promise<string> {
    const before = (await this.mailsTo(email)).length;
    await this.ask(email, { password });
    return eventually('a mail with a link', async () => {
      const mails = await this.mailsTo(email);
      return mails.length > before ? TOKEN.exec(mails.at(-1)?.text ?? '')?.[0] : undefined;
    });
  }

  confirm(token: string): Promise<Exchange> {
    return this.#anyone.request('/v1/registrations/confirm', { body: { token } });
  }

  /** @returns the authenticator of the now active account */
  async enrol(ticket: string): Promise<Authenticator> {
    const offer = await this.#anyone.request('/v1/totp/enrolments', { body: { ticket } });
    const authenticator = new Authenticator(String(record(offer.body)['secret']));
    const code = await authenticator.code(this.#sceau.clock.now().getTime());
    const body = { ticket, code, transport: 'token' };
    const { status } = await this.#anyone.request('/v1/totp/enrolments/confirm', { body });
    if (status !== 200) throw new Error(`Enrolling answers ${status}.`);
    return authenticator;
  }

  async mailsTo(email: string): Promise<readonly Mail[]> {
    return (await this.#mailbox.all()).filter(({ to }) => to.includes(email));
  }

  /** Waits until the worker has looked into every sign-up, sent every mail and sequenced every entry. */
  async atRest(): Promise<void> {
    await eventually('a worker without work', async () => {
      const [left] = await this.#sceau.database.query<{ count: number }>(
        `SELECT (SELECT count(*) FROM jobs.job WHERE name IN ('registration', 'mail') AND state < 'completed')::integer
           + (SELECT count(*) FROM audit.staging)::integer AS count`,
      );
      return left?.count === 0 ? true : undefined;
    });
  }

  /** Does something while no worker looks into sign-ups. */
  async whileHeld<T>(work: () => Promise<T>): Promise<T> {
    const { database } = this.#sceau;
    await database.query(`
      CREATE FUNCTION public.hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.start_after := now() + interval '1 day'; RETURN NEW; END $$;
      CREATE TRIGGER hold BEFORE INSERT ON jobs.job FOR EACH ROW WHEN (NEW.name = 'registration') EXECUTE FUNCTION public.hold()`);
    try {
      return await work();
    } finally {
      await database.query(`
        DROP TRIGGER hold ON jobs.job; DROP FUNCTION public.hold();
        UPDATE jobs.job SET start_after = now() WHERE name = 'registration' AND state = 'created'`);
    }
  }

  /** What an action adds by the time it is answered. */
  leftBehind(work: () => Promise<unknown>): Promise<Counts> {
    return this.whileHeld(async () => {
      const before = await this.#counts();
      await work();
      const after = await this.#counts();
      return {
        requests: after.requests - before.requests,
        jobs: after.jobs - before.jobs,
        entries: after.entries - before.entries,
        accounts: after.accounts - before.accounts,
        tickets: after.tickets - before.tickets,
        mails: after.mails - before.mails,
      };
    });
  }

  async #counts(): Promise<Counts> {
    const [counts] = await this.#sceau.database.query<Counts>(COUNTS);
    if (counts === undefined) throw new Error('A count has a row.');
    return counts;
  }
}
