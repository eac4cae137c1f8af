import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import { Failure } from '../../../kernel/errors.js';
import { type Id, parseId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { Jobs } from '../../../platform/jobs/jobs.js';
import { Logger } from '../../../platform/logging/logger.js';
import { MailRefused } from '../../../platform/mail/mail-rules.js';
import { Mailer } from '../../../platform/mail/mailer.js';
import { Sealer } from '../../../sealing/index.js';
import { OutgoingMailEntity } from '../persistence/outgoing-mail.entity.js';
import { MESSAGE, type OutgoingMessage } from '../persistence/places.js';

/** Longer than the job's last try: what lies in the outbox after it is nobody's any more. */
const KEPT_MS = 3 * 24 * 3_600_000;

/** A mail server may take seconds for a mail; others need not wait for it. */
const CONCURRENCY = 4;

/** The worker's half of the outbox: opens a mail, sends it, forgets it. */
@Injectable()
export class MailDelivery {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #mailer: Mailer;
  readonly #jobs: Jobs;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(database: Database, sealer: Sealer, mailer: Mailer, jobs: Jobs, clock: Clock, logger: Logger) {
    this.#database = database;
    this.#sealer = sealer;
    this.#mailer = mailer;
    this.#jobs = jobs;
    this.#clock = clock;
    this.#logger = logger;
  }

  async start(): Promise<void> {
    await this.#jobs.work('mail', ({ mailId }) => this.#deliver(mailId), CONCURRENCY);
  }

  async #deliver(mailId: string): Promise<void> {
    const id = parseId<Id<'mail'>>(mailId);
    if (id === undefined) return;
    const mail = await this.#database.run({ kind: 'system' }, async (manager) => {
      const outbox = manager.getRepository(OutgoingMailEntity);
      await outbox.delete({ createdAt: LessThan(new Date(this.#clock.now().getTime() - KEPT_MS)) });
      return outbox.findOneBy({ id });
    });
    // Sent before; the job came twice.
    if (mail === null) return;
    try {
      await this.#mailer.send({ ...(await this.#open(mail)), id });
    } catch (error) {
      const reason = whyGivenUp(error);
      if (reason === undefined) throw error;
      this.#logger.warn('mail given up', { mail: id, reason });
    }
    await this.#database.run({ kind: 'system' }, (manager) =>
      manager.getRepository(OutgoingMailEntity).delete({ id }),
    );
  }

  #open({ id, accountId, message }: OutgoingMailEntity): Promise<OutgoingMessage> {
    return this.#sealer.openOperational(MESSAGE, { subject: accountId, row: id }, message);
  }
}

/** @returns `undefined` where another try may do better */
function whyGivenUp(error: unknown): string | undefined {
  if (error instanceof MailRefused) return error.reason;
  // The person's key is destroyed: there is nobody to write to.
  if (error instanceof Failure && error.code === 'sealed_value_unreadable') return 'erased';
  return undefined;
}
