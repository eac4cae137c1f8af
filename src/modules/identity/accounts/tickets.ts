import { Injectable } from '@nestjs/common';
import { type EntityManager, MoreThan } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { type AccountId, newId } from '../../../kernel/ids.js';
import { Randomness } from '../../../kernel/randomness.js';
import { type RecordRefusal, RowMacs } from '../../../sealing/index.js';
import { StandingRecords } from '../../security-records/index.js';
import { hashToken, newToken } from '../opaque-token.js';
import { AccountEntity } from '../persistence/account.entity.js';
import { TicketEntity, type TicketPurpose } from '../persistence/ticket.entity.js';
import { ticketRecord } from './ticket-record.js';

const MINUTE_MS = 60_000;

export const TICKET_LIFETIME_MS: Readonly<Record<TicketPurpose, number>> = {
  confirmation: 24 * 60 * MINUTE_MS,
  invitation: 72 * 60 * MINUTE_MS,
  enrolment: 60 * MINUTE_MS,
  password_reset: 30 * MINUTE_MS,
  email_change_old: 24 * 60 * MINUTE_MS,
  email_change_new: 24 * 60 * MINUTE_MS,
  // Longer than any recovery is open.
  recovery_stop: 30 * 24 * 60 * MINUTE_MS,
  recovery: 24 * 60 * MINUTE_MS,
};

/**
 * The owner may have any of the mails at hand, and whoever else asks for another must not make theirs useless: each needs
 * a factor beside it, or only stops something.
 */
const KEPT: ReadonlySet<TicketPurpose> = new Set(['recovery_stop', 'password_reset']);

/**
 * One-time tokens for one purpose each: a mailed link, the way to enrol an authenticator. A ticket goes with its account's
 * sessions: whatever ends all of them voids it too.
 */
@Injectable()
export class Tickets {
  readonly #macs: RowMacs;
  readonly #records: StandingRecords;
  readonly #clock: Clock;
  readonly #randomness: Randomness;

  constructor(macs: RowMacs, records: StandingRecords, clock: Clock, randomness: Randomness) {
    this.#macs = macs;
    this.#records = records;
    this.#clock = clock;
    this.#randomness = randomness;
  }

  /**
   * Older tickets of the same purpose stop working, but for those that `KEPT` names.
   * @returns the token, to be shown once
   * @throws Failure `authentication_failed` when there is no such account
   */
  async issue(manager: EntityManager, accountId: AccountId, purpose: TicketPurpose): Promise<string> {
    const now = this.#clock.now();
    const tickets = manager.getRepository(TicketEntity);
    const credentialEpoch = await this.#lockedEpochOf(manager, accountId);
    if (credentialEpoch === undefined) throw new Failure('authentication_failed');
    if (!KEPT.has(purpose)) await tickets.delete({ accountId, purpose });
    const token = newToken(this.#randomness);
    const content = {
      id: newId<'ticket'>(now.getTime()),
      accountId,
      purpose,
      tokenHash: hashToken(token),
      expiresAt: new Date(now.getTime() + TICKET_LIFETIME_MS[purpose]),
      credentialEpoch,
    };
    await tickets.insert({ ...content, mac: await this.#macs.mac(ticketRecord(content)) });
    return token;
  }

  /**
   * Whose token it is. The caller then reads the account by `Accounts`, which refuses one whose epoch was set back.
   * @param context of the request, for the alert that a row does not count
   * @throws Failure `authentication_failed` for a token that is unknown, used, expired or for something else
   */
  async peek(
    manager: EntityManager,
    token: string,
    purpose: TicketPurpose,
    context: RequestContext,
  ): Promise<AccountId> {
    const ticket = await manager.getRepository(TicketEntity).findOneBy(this.#usable(token, purpose));
    if (ticket === null) throw new Failure('authentication_failed');
    const refusal = await this.#refusal(manager, ticket);
    if (refusal === undefined) return ticket.accountId;
    await this.#records.refuse(context, 'identity_ticket', ticket.id, refusal);
    throw new Failure('authentication_failed');
  }

  /** Uses a token up; of several at the same moment one succeeds. @throws as `peek` */
  async redeem(
    manager: EntityManager,
    token: string,
    purpose: TicketPurpose,
    context: RequestContext,
  ): Promise<AccountId> {
    const accountId = await this.peek(manager, token, purpose, context);
    await this.#lockedEpochOf(manager, accountId);
    const { affected } = await manager.getRepository(TicketEntity).delete(this.#usable(token, purpose));
    if (affected !== 1) throw new Failure('authentication_failed');
    return accountId;
  }

  async #refusal(manager: EntityManager, ticket: TicketEntity): Promise<RecordRefusal | undefined> {
    if (!(await this.#macs.isGenuine(ticketRecord(ticket), ticket.mac))) return 'forged';
    return (await this.#epochOf(manager, ticket.accountId)) === ticket.credentialEpoch
      ? undefined
      : 'superseded';
  }

  async #epochOf(manager: EntityManager, id: AccountId): Promise<number | undefined> {
    return (await manager.getRepository(AccountEntity).findOneBy({ id }))?.credentialEpoch;
  }

  /** First the account, then its tickets, as whatever voids them all does: else two would wait for each other. */
  async #lockedEpochOf(manager: EntityManager, id: AccountId): Promise<number | undefined> {
    const accounts = manager.getRepository(AccountEntity);
    const account = await accounts.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
    return account?.credentialEpoch;
  }

  #usable(token: string, purpose: TicketPurpose) {
    return { tokenHash: hashToken(token), purpose, expiresAt: MoreThan(this.#clock.now()) };
  }
}
