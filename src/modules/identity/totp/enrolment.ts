import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { Randomness } from '../../../kernel/randomness.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { RateLimits } from '../../../platform/http/index.js';
import { Sealer } from '../../../sealing/index.js';
import { subjectOf } from '../accounts/account-subject.js';
import { Accounts } from '../accounts/accounts.js';
import { Tickets } from '../accounts/tickets.js';
import { Notices } from '../notices/notices.js';
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
  readonly #limits: RateLimits;
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
    limits: RateLimits,
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
    this.#limits = limits;
    this.#randomness = randomness;
  }

  /** Offers a secret; asking again replaces it. @throws Failure `authentication_failed` */
  async offer(context: RequestContext, ticket: string): Promise<EnrolmentOffer> {
    const secret = newTotpSecret();
    const email = await this.#database.run({ kind: 'identity' }, async (manager) => {
      const id = await this.#tickets.peek(manager, ticket, 'enrolment');
      const own = { subject: id, row: id };
      const totpSecret = await this.#sealer.seal(TOTP_SECRET, own, secret);
      const account = await this.#accounts.change(context, manager, id, ({ status }) =>
        status === 'enrolling' ? { totpSecret, totpStep: '0' } : undefined,
      );
      if (account === null) throw new Failure('authentication_failed');
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
    const session = await this.#database.run({ kind: 'identity' }, async (manager) => {
      const id = await this.#tickets.peek(manager, ticket, 'enrolment');
      await this.#limits.consume('sign_in_account', id);
      const account = await this.#accounts.find(context, manager, { id, status: 'enrolling' });
      const proof = await this.#factor.check(account, { code });
      if (
        account === null ||
        proof === undefined ||
        !(await this.#factor.consume(context, manager, account, proof))
      ) {
        throw new Failure('authentication_failed');
      }
      await this.#tickets.redeem(manager, ticket, 'enrolment');
      const sealed = await this.#sealer.seal(RECOVERY_CODES, { subject: id, row: id }, hashes);
      const changed = await this.#accounts.change(context, manager, id, ({ revision }) =>
        revision === account.revision ? { status: 'active', recoveryCodes: sealed } : undefined,
      );
      if (changed === null) throw new Failure('authentication_failed');
      const subjects = await subjectOf(this.#sealer, account);
      await this.#ledger.stage(manager, { action: 'totp.enrolled', context, resource: id, subjects });
      await this.#notices.send(manager, account, { kind: 'factor_enrolled' });
      return this.#sessions.open(manager, context, account, transport);
    });
    return { recoveryCodes, session };
  }
}
