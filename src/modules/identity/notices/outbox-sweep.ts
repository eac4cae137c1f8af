import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
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
/** Then what has come meanwhile is looked at, and who waits longest. */
const ROUND_MS = 5 * 60_000;

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
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(
    outbox: Outbox,
    delivery: MailDelivery,
    fates: MailFates,
    undeliverable: UndeliverableMail,
    database: Database,
    rounds: Rounds,
    clock: Clock,
    logger: Logger,
  ) {
    this.#outbox = outbox;
    this.#delivery = delivery;
    this.#fates = fates;
    this.#undeliverable = undeliverable;
    this.#database = database;
    this.#rounds = rounds;
    this.#clock = clock;
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

  /** Until there is none left, the server takes none from us, or the time is up. */
  async #send(): Promise<void> {
    const end = this.#clock.now().getTime() + ROUND_MS;
    for (;;) {
      const due = await this.#outbox.due(PAGE);
      const lost = due.filter(({ isLost }) => isLost).length;
      if (lost > 0) this.#logger.warn('mails had lost their job', { count: lost });
      for (let from = 0; from < due.length; from += TOGETHER) {
        if (this.#clock.now().getTime() >= end) return;
        const part = due.slice(from, from + TOGETHER);
        const deliveries = await Promise.all(part.map(({ id }) => this.#delivery.deliver(id)));
        if (deliveries.every((delivery) => delivery === 'halted')) return;
      }
      if (due.length < PAGE) return;
    }
  }
}
