import { Injectable } from '@nestjs/common';
import { Failure } from '../../../kernel/errors.js';
import { type Id, parseId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { Jobs } from '../../../platform/jobs/jobs.js';
import { Logger } from '../../../platform/logging/logger.js';
import { MailRefused } from '../../../platform/mail/mail-rules.js';
import { Mailer } from '../../../platform/mail/mailer.js';
import { isOfThisMail, smtpReplyOf } from '../../../platform/mail/smtp-reply.js';
import { Sealer } from '../../../sealing/index.js';
import { OutgoingMailEntity } from '../persistence/outgoing-mail.entity.js';
import { MESSAGE, type OutgoingMessage } from '../persistence/places.js';
import { type MailFate, MailFates } from './mail-fates.js';
import { Outbox } from './outbox.js';

/** A mail server may take seconds for a mail; others need not wait for it. */
const CONCURRENCY = 4;

/** `done`: nothing is left to do; `postponed`: this mail is tried again; `halted`: so is every other, for the same cause. */
export type Delivery = 'done' | 'postponed' | 'halted';

/** The worker's half of the outbox: opens a mail, sends it, forgets it. */
@Injectable()
export class MailDelivery {
  readonly #outbox: Outbox;
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #mailer: Mailer;
  readonly #fates: MailFates;
  readonly #jobs: Jobs;
  readonly #logger: Logger;

  constructor(
    outbox: Outbox,
    database: Database,
    sealer: Sealer,
    mailer: Mailer,
    fates: MailFates,
    jobs: Jobs,
    logger: Logger,
  ) {
    this.#outbox = outbox;
    this.#database = database;
    this.#sealer = sealer;
    this.#mailer = mailer;
    this.#fates = fates;
    this.#jobs = jobs;
    this.#logger = logger;
  }

  /** The first try comes at once, by the job that is queued with the mail. */
  async start(): Promise<void> {
    const deliver = async ({ mailId }: { mailId: string }): Promise<void> => {
      const id = parseId<Id<'mail'>>(mailId);
      if (id !== undefined) await this.deliver(id);
    };
    await this.#jobs.work('mail', deliver, CONCURRENCY);
  }

  /** Tries a mail once, if it is due. */
  async deliver(id: Id<'mail'>): Promise<Delivery> {
    const mail = await this.#outbox.take(id);
    // Sent before, or somebody else is at it.
    if (mail === undefined) return 'done';
    try {
      const fate = await this.#send(mail);
      await this.#database.run({ kind: 'system' }, async (manager) => {
        if (fate === undefined) await manager.getRepository(OutgoingMailEntity).delete({ id });
        else await this.#fates.end(manager, id, fate);
      });
      return 'done';
    } catch (error) {
      this.#logger.fault('mail not sent', error, { mail: id, ...smtpReplyOf(error) });
      return isOfThisMail(error) ? 'postponed' : 'halted';
    }
  }

  /** @returns `undefined` where there is nobody to write to any more; rejects where another try may do better */
  async #send(mail: OutgoingMailEntity): Promise<MailFate | undefined> {
    const { id } = mail;
    try {
      await this.#mailer.send({ ...(await this.#open(mail)), id });
      return 'accepted';
    } catch (error) {
      const reason = whyGivenUp(error);
      if (reason === undefined) throw error;
      this.#logger.warn('mail given up', { mail: id, reason });
      return reason === 'erased' ? undefined : 'refused';
    }
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
