import { Injectable } from '@nestjs/common';
import { type EntityManager, IsNull, MoreThan } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import { Failure } from '../../../kernel/errors.js';
import { type AccountId, newId } from '../../../kernel/ids.js';
import { Randomness } from '../../../kernel/randomness.js';
import { hashToken, newToken } from '../opaque-token.js';
import { TicketEntity, type TicketPurpose } from '../persistence/ticket.entity.js';

const LIFETIME_MS: Readonly<Record<TicketPurpose, number>> = {
  confirmation: 24 * 3_600_000,
  invitation: 72 * 3_600_000,
  enrolment: 3_600_000,
};

/** One-time tokens for one purpose each: a mailed link, the way to enrol an authenticator. */
@Injectable()
export class Tickets {
  readonly #clock: Clock;
  readonly #randomness: Randomness;

  constructor(clock: Clock, randomness: Randomness) {
    this.#clock = clock;
    this.#randomness = randomness;
  }

  /** Older tickets of the same purpose stop working. @returns the token, to be shown once */
  async issue(manager: EntityManager, accountId: AccountId, purpose: TicketPurpose): Promise<string> {
    const now = this.#clock.now();
    const tickets = manager.getRepository(TicketEntity);
    await tickets.delete({ accountId, purpose });
    const token = newToken(this.#randomness);
    await tickets.insert({
      id: newId<'ticket'>(now.getTime()),
      accountId,
      purpose,
      tokenHash: hashToken(token),
      expiresAt: new Date(now.getTime() + LIFETIME_MS[purpose]),
      usedAt: null,
    });
    return token;
  }

  /** @throws Failure `authentication_failed` for a token that is unknown, used, expired or for something else */
  async peek(manager: EntityManager, token: string, purpose: TicketPurpose): Promise<AccountId> {
    const ticket = await manager.getRepository(TicketEntity).findOneBy(this.#usable(token, purpose));
    if (ticket === null) throw new Failure('authentication_failed');
    return ticket.accountId;
  }

  /** Uses a token up; of several at the same moment one succeeds. @throws as `peek` */
  async redeem(manager: EntityManager, token: string, purpose: TicketPurpose): Promise<AccountId> {
    const accountId = await this.peek(manager, token, purpose);
    const { affected } = await manager
      .getRepository(TicketEntity)
      .update(this.#usable(token, purpose), { usedAt: this.#clock.now() });
    if (affected !== 1) throw new Failure('authentication_failed');
    return accountId;
  }

  #usable(token: string, purpose: TicketPurpose) {
    return { tokenHash: hashToken(token), purpose, usedAt: IsNull(), expiresAt: MoreThan(this.#clock.now()) };
  }
}
