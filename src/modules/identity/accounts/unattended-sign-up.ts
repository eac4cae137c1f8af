import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import type { AccountId } from '../../../kernel/ids.js';
import { Randomness } from '../../../kernel/randomness.js';
import { type Action, Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer, SubjectKeys } from '../../../sealing/index.js';
import { Attempts } from '../attempts/attempts.js';
import { PasswordHashing } from '../passwords/password-hashing.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import { EMAIL, PASSWORD_HASH, RECOVERY_CODES, ROLE, TOTP_SECRET } from '../persistence/places.js';
import { Sessions } from '../sessions/sessions.js';
import { hashRecoveryCode, newRecoveryCodes } from '../totp/recovery-codes.js';
import { newTotpSecret } from '../totp/totp.js';
import { candidateOf, subjectOf } from './account-subject.js';
import { type AccountChange, Accounts } from './accounts.js';

const STEP_MS = 30_000;

const nothingMore = (): Promise<void> => Promise.resolve();

/**
 * The sign-up of a candidate whom nobody is, step by step as a person does it, so that its rows and entries are those
 * of anybody. Password, secret and codes are thrown away: nobody can sign in.
 */
@Injectable()
export class UnattendedSignUp {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #keys: SubjectKeys;
  readonly #accounts: Accounts;
  readonly #hashing: PasswordHashing;
  readonly #sessions: Sessions;
  readonly #attempts: Attempts;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #randomness: Randomness;

  constructor(
    database: Database,
    sealer: Sealer,
    keys: SubjectKeys,
    accounts: Accounts,
    hashing: PasswordHashing,
    sessions: Sessions,
    attempts: Attempts,
    ledger: Ledger,
    clock: Clock,
    randomness: Randomness,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#keys = keys;
    this.#accounts = accounts;
    this.#hashing = hashing;
    this.#sessions = sessions;
    this.#attempts = attempts;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#randomness = randomness;
  }

  /**
   * @param context of somebody who is not signed in
   * @param pause between two steps
   * @returns whom the session belongs to that is open then
   * @throws Failure `conflict` for an address that is taken
   */
  async run(
    context: RequestContext,
    id: AccountId,
    email: string,
    pause: () => Promise<void>,
  ): Promise<CandidateActor> {
    const own = { subject: id, row: id };
    await this.#create(context, id, email);
    await pause();
    await this.#step(context, id, 'account.confirmed', { status: 'enrolling' }, nothingMore);
    const totpSecret = await this.#sealer.seal(TOTP_SECRET, own, newTotpSecret());
    await this.#step(context, id, 'totp.offered', { totpSecret, totpStep: '0' }, nothingMore);
    await pause();
    const hashes = newRecoveryCodes(this.#randomness).map(hashRecoveryCode);
    const recoveryCodes = await this.#sealer.seal(RECOVERY_CODES, own, hashes);
    const totpStep = String(Math.floor(this.#clock.now().getTime() / STEP_MS));
    const activation = { status: 'active', recoveryCodes, totpStep } as const;
    const session = await this.#step(context, id, 'totp.enrolled', activation, (manager, account) =>
      this.#sessions.open(manager, context, account, 'token'),
    );
    await this.#attempts.welcome(email, context.address);
    return {
      kind: 'candidate',
      accountId: id,
      candidateId: candidateOf(id),
      sessionId: session.id,
      sessionRevision: 1,
      limitedTo: null,
      secondFactorAt: this.#clock.now(),
    };
  }

  async #create(context: RequestContext, id: AccountId, email: string): Promise<void> {
    const own = { subject: id, row: id };
    const passwordHash = await this.#hashing.hash(this.#randomness.bytes(32).toString('base64url'));
    await this.#database.run({ kind: 'system' }, async (manager) => {
      if ((await this.#accounts.findByAddress(context, manager, email)) !== null)
        throw new Failure('conflict');
      await this.#keys.create(id);
      const account = await this.#accounts.insert(manager, email, {
        id,
        status: 'unconfirmed',
        email: await this.#sealer.seal(EMAIL, own, email),
        role: await this.#sealer.seal(ROLE, own, 'candidate'),
        passwordHash: await this.#sealer.seal(PASSWORD_HASH, own, passwordHash),
        totpSecret: null,
        totpStep: '0',
        recoveryCodes: null,
        locale: context.locale,
        createdAt: this.#clock.now(),
      });
      await this.#record(manager, context, 'account.registered', account);
    });
  }

  #step<T>(
    context: RequestContext,
    id: AccountId,
    action: Action,
    change: AccountChange,
    then: (manager: EntityManager, account: AccountEntity) => Promise<T>,
  ): Promise<T> {
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      const account = await this.#accounts.change(context, manager, id, () => change);
      if (account === null) throw new Failure('conflict');
      await this.#record(manager, context, action, account);
      return then(manager, account);
    });
  }

  async #record(
    manager: EntityManager,
    context: RequestContext,
    action: Action,
    account: AccountEntity,
  ): Promise<void> {
    const subjects = await subjectOf(this.#sealer, account);
    await this.#ledger.stage(manager, { action, context, resource: account.id, subjects });
  }
}
