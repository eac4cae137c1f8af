import { Injectable } from '@nestjs/common';
import { LedgerReader } from '../../ledger/index.js';
import { type AlertSettings, Settings } from '../../platform/config/settings.js';
import { Rounds } from '../../platform/jobs/rounds.js';
import { Logger } from '../../platform/logging/logger.js';
import { MailRefused } from '../../platform/mail/mail-rules.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { type Alert, alertOf } from './alert.js';
import { AlertCursors, type AlertWay } from './alert-cursors.js';
import { alertMail } from './alert-mail.js';
import { AlertPost } from './alert-post.js';

/** Of one look, so that a flood is many mails and not one of any length. */
const AT_ONCE = 500;

/** Tells operators of the ledger's alerts, each at least once: every minute the worker looks what is new in the tree. */
@Injectable()
export class AlertWatch {
  readonly #settings: AlertSettings;
  readonly #reader: LedgerReader;
  readonly #cursors: AlertCursors;
  readonly #mailer: Mailer;
  readonly #post: AlertPost;
  readonly #rounds: Rounds;
  readonly #logger: Logger;

  constructor(
    { alerts }: Settings,
    reader: LedgerReader,
    cursors: AlertCursors,
    mailer: Mailer,
    post: AlertPost,
    rounds: Rounds,
    logger: Logger,
  ) {
    this.#settings = alerts;
    this.#reader = reader;
    this.#cursors = cursors;
    this.#mailer = mailer;
    this.#post = post;
    this.#rounds = rounds;
    this.#logger = logger;
  }

  async start(): Promise<void> {
    await this.#rounds.every(1, 'alerts', () => this.run());
  }

  /** May be broken off and repeated; one way that fails holds up no other. */
  async run(): Promise<void> {
    const { mail, webhook } = this.#settings;
    const ways = [
      ...(mail.length === 0 ? [] : [this.#tell('mail', (alerts) => this.#mail(mail, alerts))]),
      ...(webhook === undefined
        ? []
        : [
            this.#tell('webhook', async (alerts, told) => {
              for (const alert of alerts) {
                await this.#post.send(webhook, alert);
                await told(alert);
              }
            }),
          ]),
    ];
    const failed = (await Promise.allSettled(ways)).filter((outcome) => outcome.status === 'rejected');
    if (failed.length === 0) return;
    const reasons = failed.map(({ reason }): unknown => reason);
    throw new AggregateError(reasons, 'Alerts wait to be told.');
  }

  async #tell(
    way: AlertWay,
    send: (alerts: readonly Alert[], told: (alert: Alert) => Promise<void>) => Promise<void>,
  ): Promise<void> {
    const told = ({ index }: Alert) => this.#cursors.write(way, index);
    for (;;) {
      const after = await this.#cursors.read(way);
      const alerts = (await this.#reader.alertsAfter(after, AT_ONCE)).map(alertOf);
      const last = alerts.at(-1);
      if (last === undefined) return;
      await send(alerts, told);
      await told(last);
    }
  }

  async #mail(addresses: readonly string[], alerts: readonly Alert[]): Promise<void> {
    const message = alertMail(alerts);
    const refusals: MailRefused[] = [];
    for (const to of addresses) {
      try {
        await this.#mailer.send({ to, ...message });
      } catch (error) {
        if (!(error instanceof MailRefused)) throw error;
        // The others are told all the same.
        this.#logger.fault('an address of ALERT_MAIL takes no mail', error);
        refusals.push(error);
      }
    }
    // Nobody was told: they wait until somebody is.
    if (refusals.length === addresses.length)
      throw new AggregateError(refusals, 'No address of ALERT_MAIL takes mail.');
  }
}
