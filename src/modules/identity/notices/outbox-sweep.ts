import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database.js';
import { Rounds } from '../../../platform/jobs/rounds.js';
import { Logger } from '../../../platform/logging/logger.js';
import { MailDelivery } from './mail-delivery.js';
import { MailFates } from './mail-fates.js';
import { Outbox } from './outbox.js';
import { UndeliverableMail } from './undeliverable-mail.js';

/** How many are looked up by one statement. */
const PAGE = 500;
/** How many are tried at once. */
const TOGETHER = 4;

/**
 * Sends what is due, whatever the tables of jobs say: what a server could not take yet, and what has lost its job or
 * whose job somebody holds back. Gives up what was tried for long enough.
 */
@Injectable()
export class OutboxSweep {
  readonly #outbox: Outbox;
  readonly #delivery: MailDelivery;
  readonly #fates: MailFates;
  readonly #undeliverable: UndeliverableMail;
  readonly #database: Database;
  readonly #rounds: Rounds;
  readonly #logger: Logger;

  constructor(
    outbox: Outbox,
    delivery: MailDelivery,
    fates: MailFates,
    undeliverable: UndeliverableMail,
    database: Database,
    rounds: Rounds,
    logger: Logger,
  ) {
    this.#outbox = outbox;
    this.#delivery = delivery;
    this.#fates = fates;
    this.#undeliverable = undeliverable;
    this.#database = database;
    this.#rounds = rounds;
    this.#logger = logger;
  }

  async start(): Promise<void> {
    await this.#rounds.every(1, 'mail_sweep', () => this.run());
  }

  /** May be repeated, and done by several at once. @throws Failure `ledger_unavailable` */
  async run(): Promise<void> {
    await this.#giveUp();
    await this.#send();
    await this.#undeliverable.tell();
  }

  async #giveUp(): Promise<void> {
    for (const id of await this.#outbox.old(PAGE)) {
      this.#logger.warn('mail given up', { mail: id, reason: 'time' });
      await this.#database.run({ kind: 'system' }, (manager) => this.#fates.end(manager, id, 'refused'));
    }
  }

  /** Until there is none left, or the server takes none. */
  async #send(): Promise<void> {
    for (;;) {
      const due = await this.#outbox.due(PAGE);
      const lost = due.filter(({ isLost }) => isLost).length;
      if (lost > 0) this.#logger.warn('mails had lost their job', { count: lost });
      for (let from = 0; from < due.length; from += TOGETHER) {
        const part = due.slice(from, from + TOGETHER);
        const sent = await Promise.all(part.map(({ id }) => this.#delivery.deliver(id)));
        if (!sent.includes(true)) return;
      }
      if (due.length < PAGE) return;
    }
  }
}
