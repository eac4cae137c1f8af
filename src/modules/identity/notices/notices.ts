import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { Locale } from '../../../kernel/context.js';
import { type AccountId, newId, type SubjectId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { Jobs } from '../../../platform/jobs/jobs.js';
import { INSTALLATION, type Sealed, Sealer } from '../../../sealing/index.js';
import { AccountEntity } from '../persistence/account.entity.js';
import { OutgoingMailEntity } from '../persistence/outgoing-mail.entity.js';
import { EMAIL, MESSAGE } from '../persistence/places.js';
import { type Notice, textOf } from './notice-texts.js';
import type { ErasureNotice } from './texts/erasure-notices.js';

/** Whom a notice goes to, as the account's row has it. */
export interface Addressee {
  readonly id: AccountId;
  readonly email: Sealed<string>;
  readonly locale: Locale;
}

/** Queues mail in the transaction of what it tells of: sent if and only if that happened. */
@Injectable()
export class Notices {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #jobs: Jobs;
  readonly #clock: Clock;

  constructor(database: Database, sealer: Sealer, jobs: Jobs, clock: Clock) {
    this.#database = database;
    this.#sealer = sealer;
    this.#jobs = jobs;
    this.#clock = clock;
  }

  /** For rooms that know an account by its id only. An account that is gone gets nothing. */
  async tell(manager: EntityManager, accountId: AccountId, notice: Notice): Promise<void> {
    const account = await this.#database.run({ kind: 'identity' }, (own) =>
      own.getRepository(AccountEntity).findOneBy({ id: accountId }),
    );
    if (account !== null) await this.send(manager, account, notice);
  }

  async send(manager: EntityManager, to: Addressee, notice: Notice): Promise<void> {
    await this.#queue(manager, to, notice, to.id);
  }

  /**
   * The last mail to somebody whose key is about to be destroyed: sealed as the installation's own, it can still be
   * sent, and is forgotten like every other once it is.
   */
  async bidFarewell(manager: EntityManager, to: Addressee, notice: ErasureNotice): Promise<void> {
    await this.#queue(manager, to, notice, INSTALLATION);
  }

  async #queue(manager: EntityManager, to: Addressee, notice: Notice, subject: SubjectId): Promise<void> {
    const now = this.#clock.now();
    const id = newId<'mail'>(now.getTime());
    const address = await this.#sealer.openOperational(EMAIL, { subject: to.id, row: to.id }, to.email);
    const content = { to: address, ...textOf(notice, to.locale) };
    const message = await this.#sealer.seal(MESSAGE, { subject, row: id }, content);
    await manager
      .getRepository(OutgoingMailEntity)
      .insert({ id, accountId: subject, message, createdAt: now });
    await this.#jobs.send('mail', { mailId: id }, manager);
  }
}
