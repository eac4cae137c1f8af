import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import type { AccountId } from '../../../kernel/ids.js';
import { Randomness } from '../../../kernel/randomness.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer } from '../../../sealing/index.js';
import { subjectOf } from '../accounts/account-subject.js';
import { Accounts } from '../accounts/accounts.js';
import { Tickets } from '../accounts/tickets.js';
import { Attempts } from '../attempts/attempts.js';
import { Notices } from '../notices/notices.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import { EMAIL, RECOVERY_CODES, TOTP_SECRET } from '../persistence/places.js';
import type { Transport } from '../persistence/session.entity.js';
import { type NewSession, Sessions } from '../sessions/sessions.js';
import { type EnrolmentOffer, offerOf } from './authenticator-offer.js';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.js';
import { SecondFactor } from './second-factor.js';
import { newTotpSecret } from './totp.js';

export interface Enrolled {
  readonly recoveryCodes: readonly string[];
  readonly session: NewSession;
}

type Step = 'totp.offered' | 'totp.enrolled';

interface Activation {
  readonly account: AccountEntity;
  readonly ticket: string;
  readonly code: string;
  readonly transport: Transport;
  /** Of the recovery codes. */
  readonly hashes: readonly string[];
}

/** The way from a confirmed address to an active account: no account becomes active without an authenticator. */
@Injectable()
export class Enrolment {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #accounts: Accounts;
  readonly #tickets: Tickets;
  readonly #factor: SecondFactor;
  readonly #sessions: Sessions;
  readonly #notices: Notices;
  readonly #ledger: Ledger;
  readonly #attempts: Attempts;
  readonly #randomness: Randomness;

  constructor(
    database: Database,
    sealer: Sealer,
    accounts: Accounts,
    tickets: Tickets,
    factor: SecondFactor,
    sessions: Sessions,
    notices: Notices,
    ledger: Ledger,
    attempts: Attempts,
    randomness: Randomness,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#accounts = accounts;
    this.#tickets = tickets;
    this.#factor = factor;
    this.#sessions = sessions;
    this.#notices = notices;
    this.#ledger = ledger;
    this.#attempts = attempts;
    this.#randomness = randomness;
  }

  /** Offers a secret; asking again replaces it. @throws Failure `authentication_failed` */
  async offer(context: RequestContext, ticket: string): Promise<EnrolmentOffer> {
    const secret = newTotpSecret();
    const id = await this.#accountOf(context, ticket, 'totp.offered');
    const email = await this.#database.run({ kind: 'identity' }, async (manager) => {
      const own = { subject: id, row: id };
      const totpSecret = await this.#sealer.seal(TOTP_SECRET, own, secret);
      const account = await this.#accounts.change(context, manager, id, ({ status }) =>
        status === 'enrolling' ? { totpSecret, totpStep: '0' } : undefined,
      );
      if (account === null) throw new Failure('authentication_failed');
      const subjects = await subjectOf(this.#sealer, account);
      await this.#ledger.stage(manager, { action: 'totp.offered', context, resource: id, subjects });
      return this.#sealer.openOperational(EMAIL, own, account.email);
    });
    return offerOf(secret, email);
  }

  /** @throws Failure `authentication_failed` for a wrong code or ticket, `too_many_requests` */
  async confirm(
    context: RequestContext,
    ticket: string,
    code: string,
    transport: Transport,
  ): Promise<Enrolled> {
    const recoveryCodes = newRecoveryCodes(this.#randomness);
    const hashes = recoveryCodes.map(hashRecoveryCode);
    const id = await this.#accountOf(context, ticket, 'totp.enrolled');
    const account = await this.#database.run({ kind: 'identity' }, (manager) =>
      this.#accounts.find(context, manager, { id, status: 'enrolling' }),
    );
    const refuse = (reason: string) => this.#refuse(context, 'totp.enrolled', reason, account);
    const session =
      account === null
        ? undefined
        : await this.#attempts.guess(
            { kind: 'ticket', ticket },
            {
              look: () => this.#look(context, { account, ticket, code, transport, hashes }),
              turnedAway: () => refuse('too_many_attempts'),
            },
          );
    if (account === null || session === undefined) {
      await refuse(account === null ? 'ticket' : 'code');
      throw new Failure('authentication_failed');
    }
    await this.#welcome(context, account);
    return { recoveryCodes, session };
  }

  async #look(context: RequestContext, activation: Activation): Promise<NewSession | undefined> {
    try {
      return await this.#database.run({ kind: 'identity' }, (manager) =>
        this.#activate(manager, context, activation),
      );
    } catch (error) {
      if (hasFailed(error)) return undefined;
      throw error;
    }
  }

  async #activate(
    manager: EntityManager,
    context: RequestContext,
    { account, ticket, code, transport, hashes }: Activation,
  ): Promise<NewSession> {
    const { id } = account;
    const proof = await this.#factor.check(account, { code });
    if (proof === undefined || !(await this.#factor.consume(context, manager, account, proof)))
      throw new Failure('authentication_failed');
    await this.#tickets.redeem(manager, ticket, 'enrolment', context);
    const sealed = await this.#sealer.seal(RECOVERY_CODES, { subject: id, row: id }, hashes);
    const changed = await this.#accounts.change(context, manager, id, ({ revision }) =>
      revision === account.revision ? { status: 'active', recoveryCodes: sealed } : undefined,
    );
    if (changed === null) throw new Failure('authentication_failed');
    const subjects = await subjectOf(this.#sealer, account);
    await this.#ledger.stage(manager, { action: 'totp.enrolled', context, resource: id, subjects });
    await this.#notices.send(manager, account, { kind: 'factor_enrolled' });
    return this.#sessions.open(manager, context, changed, transport);
  }

  /** Nobody elsewhere can hold up the next sign-in from here. */
  async #welcome(context: RequestContext, { id, email: sealed }: AccountEntity): Promise<void> {
    const email = await this.#sealer.openOperational(EMAIL, { subject: id, row: id }, sealed);
    await this.#attempts.welcome(email, context.address);
  }

  /** @throws Failure `authentication_failed` for a ticket that is unknown, used, expired or for something else */
  async #accountOf(context: RequestContext, ticket: string, action: Step): Promise<AccountId> {
    try {
      return await this.#database.run({ kind: 'identity' }, (manager) =>
        this.#tickets.peek(manager, ticket, 'enrolment', context),
      );
    } catch (error) {
      if (hasFailed(error)) await this.#refuse(context, action, 'ticket', null);
      throw error;
    }
  }

  /** A failure is recorded in a transaction of its own; its owner sees it, where one is known. */
  async #refuse(
    context: RequestContext,
    action: Step,
    reason: string,
    account: AccountEntity | null,
  ): Promise<void> {
    const about =
      account === null ? {} : { resource: account.id, subjects: await subjectOf(this.#sealer, account) };
    await this.#ledger.append({ action, context, outcome: 'refused', reason, ...about }, 'staged');
  }
}

const hasFailed = (error: unknown): boolean =>
  error instanceof Failure && error.code === 'authentication_failed';
