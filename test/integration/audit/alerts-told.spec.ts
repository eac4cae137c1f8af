import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { spyOn } from 'jest-mock';
import { Webhook } from 'standardwebhooks';
import { Clock } from '../../../src/kernel/clock.js';
import { type EntryDraft, Ledger, LedgerReader } from '../../../src/ledger/index.js';
import { AlertCursors } from '../../../src/modules/alerts/alert-cursors.js';
import { AlertPost } from '../../../src/modules/alerts/alert-post.js';
import { AlertWatch } from '../../../src/modules/alerts/index.js';
import { type AlertWebhookSettings, Settings } from '../../../src/platform/config/settings.js';
import { Jobs } from '../../../src/platform/jobs/jobs.js';
import { Rounds } from '../../../src/platform/jobs/rounds.js';
import { Logger } from '../../../src/platform/logging/logger.js';
import { MailRefused } from '../../../src/platform/mail/mail-rules.js';
import { Mailer } from '../../../src/platform/mail/mailer.js';
import { Destinations } from '../../../src/platform/outbound/destinations.js';
import { HttpsPosts } from '../../../src/platform/outbound/https-posts.js';
import { PublicInternet } from '../../../src/platform/outbound/outbound-network.js';
import { eventually } from '../../support/eventually.js';
import { Mailbox } from '../../support/mailbox.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { WebhookReceiver } from '../../support/webhook-receiver.js';
import { ledgerEntries } from '../agencies/agency-program.js';
import { agency, fresh } from '../disclosure/dossiers.js';

const ADDRESSES = ['veille@example.fr', 'astreinte@example.fr'] as const;
const SECRET = `whsec_${randomBytes(32).toString('base64')}`;

describe('the alerts of the ledger', () => {
  let sceau: Sceau;
  let receiver: WebhookReceiver;
  let ledger: Ledger;
  let webhook: AlertWebhookSettings;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    const webhooks = { authorities: receiver.authorities };
    const alerts = { mail: ADDRESSES, webhook: undefined };
    sceau = await startSceau({ adjust: (settings) => new Settings({ ...settings, webhooks, alerts }) });
    ledger = sceau.app.get(Ledger, { strict: false });
    webhook = { url: receiver.url('/alertes'), secret: SECRET, isInternal: false };
  }, 60_000);

  afterAll(async () => {
    await sceau.stop();
    await receiver.stop();
  });

  afterEach(() => {
    receiver.reaction = () => 204;
    receiver.received.length = 0;
  });

  /** A worker’s watch that posts; the product’s own mails. */
  function watch(
    settings: Partial<AlertWebhookSettings> = {},
    destinations?: Destinations,
    mail: readonly string[] = [],
  ): AlertWatch {
    const given = <T>(type: new (...parts: never[]) => T): T => sceau.app.get(type, { strict: false });
    const post = new AlertPost(
      destinations ?? given(Destinations),
      given(HttpsPosts),
      sceau.app.get(Clock, { strict: false }),
    );
    const alerts = { mail, webhook: { ...webhook, ...settings } };
    return new AlertWatch(
      new Settings({ ...sceau.settings, alerts }),
      given(LedgerReader),
      given(AlertCursors),
      given(Mailer),
      post,
      given(Rounds),
      given(Logger),
    );
  }

  const happen = async (action: EntryDraft['action'], reason = 'agency_hour') => {
    const context = agency();
    const subjects = [{ candidate: fresh<'candidate'>(), application: fresh<'application'>(), fields: [] }];
    const resource = context.actor.agencyId;
    await ledger.append({ action, context, resource, reason, subjects, outcome: 'refused' }, 'sequenced');
    return { agencyId: context.actor.agencyId, candidate: subjects[0]?.candidate ?? '' };
  };
  const told = () => receiver.received.map(({ body }): Told => JSON.parse(body));

  it('are posted in the order of the tree, signed, once each, and nothing else is', async () => {
    const spent = await happen('disclosure.budget_spent');
    await happen('application.disclosed');
    const warned = await happen('disclosure.budget_warned', 'client_day');
    await watch().run();
    await watch().run();
    expect(
      told().map(({ type, data }) => [type, data.action, data.level, data.reason, data.agencyId]),
    ).toEqual([
      ['ledger.alert', 'disclosure.budget_spent', 'critical', 'agency_hour', spent.agencyId],
      ['ledger.alert', 'disclosure.budget_warned', 'warning', 'client_day', warned.agencyId],
    ]);
    for (const { body, headers, id } of receiver.received) {
      expect(new Webhook(SECRET).verify(body, headers)).toMatchObject({ data: { entryId: id } });
      expect(body).not.toContain(spent.candidate);
      expect(body).not.toContain(warned.candidate);
    }
  });

  it('are posted from where it broke off, by a receiver that takes none or a process that ends', async () => {
    for (const reason of ['one', 'two', 'three']) await happen('disclosure.budget_spent', reason);
    let left = 1;
    receiver.reaction = () => ((left -= 1) >= 0 ? 204 : 503);
    await expect(watch().run()).rejects.toThrow(AggregateError);
    expect(told().map(({ data }) => data.reason)).toEqual(['one', 'two']);

    receiver.reaction = () => 204;
    const writing = spyOn(AlertCursors.prototype, 'write').mockRejectedValue(new Error('killed'));
    await expect(watch().run()).rejects.toThrow(AggregateError);
    writing.mockRestore();
    await watch().run();
    const reasons = told().map(({ data }) => data.reason);
    expect(reasons).toEqual(['one', 'two', 'two', 'two', 'three']);
    expect(new Set(receiver.received.slice(1, 4).map(({ id }) => id)).size).toBe(1);
  });

  it('are told once more rather than never when somebody has moved on how far they were', async () => {
    await happen('disclosure.budget_spent', 'hidden');
    await sceau.database.query(
      `UPDATE platform.alert_cursor SET leaf_index = (SELECT max(leaf_index) FROM audit.leaf)`,
    );
    await watch().run();
    expect(told().map(({ data }) => data.reason)).toContain('hidden');
  });

  it('are not posted into a private network, unless the configuration says that the receiver is there', async () => {
    await happen('disclosure.budget_spent', 'guarded');
    const guarded = new Destinations(new PublicInternet());
    await expect(watch({}, guarded).run()).rejects.toThrow(AggregateError);
    expect(receiver.received).toEqual([]);
    await watch({ isInternal: true }, guarded).run();
    expect(told().map(({ data }) => data.reason)).toEqual(['guarded']);
  });

  it('are mailed to every address by the worker, in both languages, and name nobody', async () => {
    const { agencyId, candidate } = await happen('disclosure.budget_spent', 'review_month');
    await sceau.app.get(Jobs, { strict: false }).send('alerts', {});
    for (const address of ADDRESSES) {
      const { text } = await sceau.mailTo(address);
      expect(text).toContain('un organisme a épuisé le quota de communications');
      expect(text).toContain('an agency spent the disclosure budget');
      expect(text).toMatch(/\d CRITIQUE\u00A0: |Z CRITICAL: /);
      expect(text).toContain(`organisme ${agencyId}`);
      expect(text).not.toContain(candidate);
    }
  });

  it('go on when whoever writes to the database has deleted the watches’ jobs and keeps their queues full', async () => {
    const rounds = sceau.worker.get(Rounds, { strict: false });
    const mailed = (word: string) =>
      eventually(word, async () => {
        const mails = await new Mailbox(join(sceau.home, 'mail')).all();
        return mails.some(({ to, text }) => to.includes(ADDRESSES[0]) && text.includes(word)) || undefined;
      });
    const forgotten = `DELETE FROM jobs.job WHERE name IN ('alerts', 'unusual_access')`;
    await sceau.database.query(forgotten);
    sceau.clock.advance({ minutes: 1 });
    await happen('disclosure.budget_spent', 'interview_day');
    await rounds.turn();
    await mailed('interview_day');
    await sceau.database.query(
      `${forgotten}; INSERT INTO jobs.job (name, singleton_key, policy, start_after)
       SELECT name, name, policy, now() + interval '1 year' FROM jobs.queue WHERE name IN ('alerts', 'unusual_access')`,
    );
    await happen('disclosure.budget_spent', 'offer_hour');
    const context = agency();
    const miss = { action: 'application.disclosed', context, outcome: 'refused' } as const;
    for (let time = 0; time < 20; time += 1)
      await ledger.append({ ...miss, reason: 'not_found', resource: fresh() }, 'sequenced');
    sceau.clock.advance({ minutes: 6 });
    await rounds.turn();
    await mailed('offer_hour');
    const found = await eventually('the finding', async () => {
      const entries = await ledgerEntries(sceau, 'access.unusual');
      return entries.length > 0 ? entries : undefined;
    });
    expect(found.map(({ resource }) => resource.id)).toContain(context.actor.clientId);
    await sceau.database.query(forgotten);
  });

  it('wait to be mailed when no address takes mail, and not for one of several that takes none', async () => {
    const sending = spyOn(Mailer.prototype, 'send').mockRejectedValue(new MailRefused('recipient'));
    try {
      await happen('disclosure.budget_spent', 'unmailed');
      await expect(watch({}, undefined, ADDRESSES).run()).rejects.toThrow(AggregateError);
      sending.mockImplementation(({ to }) =>
        to === ADDRESSES[0] ? Promise.reject(new MailRefused('recipient')) : Promise.resolve(),
      );
      await watch({}, undefined, ADDRESSES).run();
      expect(sending.mock.calls.at(-1)?.[0].text).toContain('unmailed');
    } finally {
      sending.mockRestore();
    }
  });
});

interface Told {
  readonly type: string;
  readonly data: {
    readonly action: string;
    readonly level: string;
    readonly reason: string;
    readonly agencyId: string;
  };
}
