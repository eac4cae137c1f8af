import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { Locale } from '../../../kernel/context.js';
import { type AccountId, type Id, newId, type SubjectId } from '../../../kernel/ids.js';
import { Jobs } from '../../../platform/jobs/jobs.js';
import { INSTALLATION, type Sealed, Sealer } from '../../../sealing/index.js';
import { IdentityStatements } from '../persistence/identity-statements.js';
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

/** A mail that is sealed already and goes out once it is posted. */
export type Letter = Pick<OutgoingMailEntity, 'id' | 'accountId' | 'message' | 'createdAt'>;

const ADDRESSEE = {
  name: 'addressee',
  text: 'SELECT id, email, locale FROM identity.account WHERE id = $1',
};

/** Queues mail in the transaction of what it tells of: sent if and only if that happened. */
@Injectable()
export class Notices {
  readonly #statements: IdentityStatements;
  readonly #sealer: Sealer;
  readonly #jobs: Jobs;
  readonly #clock: Clock;

  constructor(statements: IdentityStatements, sealer: Sealer, jobs: Jobs, clock: Clock) {
    this.#statements = statements;
    this.#sealer = sealer;
    this.#jobs = jobs;
    this.#clock = clock;
  }

  /**
   * Writes to an account of which a room knows the id only, before a transaction comes to what others wait for.
   * @returns `undefined` for an account that is gone
   */
  async write(accountId: AccountId, notice: Notice): Promise<Letter | undefined> {
    // By connections of its own: whoever is in a transaction has one of the others, and if all were, nobody got a second.
    const [account] = await this.#statements.run<Addressee>(ADDRESSEE, [accountId]);
    return account === undefined ? undefined : this.#written(account, notice, account.id);
  }

  async post(manager: EntityManager, letter: Letter): Promise<void> {
    await manager.getRepository(OutgoingMailEntity).insert(letter);
    await this.#jobs.send('mail', { mailId: letter.id }, manager);
  }

  /** Which of these mails no server has taken or refused yet. */
  async waiting(manager: EntityManager, mails: readonly Id<'mail'>[]): Promise<ReadonlySet<Id<'mail'>>> {
    const rows = await manager
      .getRepository(OutgoingMailEntity)
      .find({ select: { id: true }, where: { id: In([...mails]) } });
    return new Set(rows.map(({ id }) => id));
  }

  async send(manager: EntityManager, to: Addressee, notice: Notice): Promise<void> {
    await this.post(manager, await this.#written(to, notice, to.id));
  }

  /**
   * The last mail to somebody whose key is about to be destroyed: sealed as the installation's own, it can still be
   * sent, and is forgotten like every other once it is.
   */
  async bidFarewell(manager: EntityManager, to: Addressee, notice: ErasureNotice): Promise<void> {
    await this.post(manager, await this.#written(to, notice, INSTALLATION));
  }

  async #written(to: Addressee, notice: Notice, subject: SubjectId): Promise<Letter> {
    const now = this.#clock.now();
    const id = newId<'mail'>(now.getTime());
    const address = await this.#sealer.openOperational(EMAIL, { subject: to.id, row: to.id }, to.email);
    const content = { to: address, ...textOf(notice, to.locale) };
    const message = await this.#sealer.seal(MESSAGE, { subject, row: id }, content);
    return { id, accountId: subject, message, createdAt: now };
  }
}
