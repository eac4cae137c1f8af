import { Injectable } from '@nestjs/common';
import { type Id, parseId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { Jobs } from '../../../platform/jobs/jobs.js';
import { Mailer } from '../../../platform/mail/mailer.js';
import { Sealer } from '../../../sealing/index.js';
import { OutgoingMailEntity } from '../persistence/outgoing-mail.entity.js';
import { MESSAGE } from '../persistence/places.js';

/** The worker's half of the outbox: opens a mail, sends it, forgets it. */
@Injectable()
export class MailDelivery {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #mailer: Mailer;
  readonly #jobs: Jobs;

  constructor(database: Database, sealer: Sealer, mailer: Mailer, jobs: Jobs) {
    this.#database = database;
    this.#sealer = sealer;
    this.#mailer = mailer;
    this.#jobs = jobs;
  }

  async start(): Promise<void> {
    await this.#jobs.work('mail', ({ mailId }) => this.#deliver(mailId));
  }

  async #deliver(mailId: string): Promise<void> {
    const id = parseId<Id<'mail'>>(mailId);
    if (id === undefined) return;
    const mail = await this.#database.run({ kind: 'system' }, (manager) =>
      manager.getRepository(OutgoingMailEntity).findOneBy({ id }),
    );
    // Sent before; the job came twice.
    if (mail === null) return;
    const message = await this.#sealer.openOperational(
      MESSAGE,
      { subject: mail.accountId, row: id },
      mail.message,
    );
    await this.#mailer.send(message);
    await this.#database.run({ kind: 'system' }, (manager) =>
      manager.getRepository(OutgoingMailEntity).delete({ id }),
    );
  }
}
