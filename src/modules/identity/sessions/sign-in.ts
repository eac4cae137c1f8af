import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { PersonActor, RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import type { AccountId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { RateLimits } from '../../../platform/http/index.js';
import { Sealer } from '../../../sealing/index.js';
import { subjectOf } from '../accounts/account-subject.js';
import { Accounts, type Approached } from '../accounts/accounts.js';
import { AttemptJournal } from '../attempts/attempt-journal.js';
import { type Arrival, Attempts, type Target, TurnedAway } from '../attempts/attempts.js';
import { Notices } from '../notices/notices.js';
import { AccountPassword } from '../passwords/account-password.js';
import type { Lane } from '../passwords/hashing-queue.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import type { Transport } from '../persistence/session.entity.js';
import { type Factor, type Proof, SecondFactor, type Used } from '../totp/second-factor.js';
import { type NewSession, Sessions } from './sessions.js';

export interface SignInRequest {
  readonly email: string;
  readonly password: string;
  readonly factor: Factor;
  readonly transport: Transport;
}

/** Far more often than a password changes while somebody signs in with it. */
const MOST_LOOKS = 20;

const laneOf = ({ isKnown }: Arrival): Lane => (isKnown ? 'known' : 'anyone');

/** One request with every factor, one answer for every failure, and the same work whatever is wrong. */
@Injectable()
export class SignIn {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #accounts: Accounts;
  readonly #password: AccountPassword;
  readonly #factor: SecondFactor;
  readonly #sessions: Sessions;
  readonly #notices: Notices;
  readonly #ledger: Ledger;
  readonly #limits: RateLimits;
  readonly #attempts: Attempts;
  readonly #journal: AttemptJournal;

  constructor(
    database: Database,
    sealer: Sealer,
    accounts: Accounts,
    password: AccountPassword,
    factor: SecondFactor,
    sessions: Sessions,
    notices: Notices,
    ledger: Ledger,
    limits: RateLimits,
    attempts: Attempts,
    journal: AttemptJournal,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#accounts = accounts;
    this.#password = password;
    this.#factor = factor;
    this.#sessions = sessions;
    this.#notices = notices;
    this.#ledger = ledger;
    this.#limits = limits;
    this.#attempts = attempts;
    this.#journal = journal;
  }

  /** @throws Failure `authentication_failed`, `too_many_requests`, `service_unavailable` */
  async signIn(context: RequestContext, request: SignInRequest): Promise<NewSession> {
    const { email, factor } = request;
    const target: Target = { kind: 'account', email, address: context.address };
    const arrival = await this.#attempts.arrive(target);
    this.#password.requireRoom(laneOf(arrival));
    if (!arrival.isKnown) await this.#limits.enforce('sign_in_everywhere', 'all', context);
    // A recovery code cannot be guessed, so it needs no delay: it lets its owner in whatever goes on elsewhere.
    const isCounted = 'code' in factor;
    const approach = (): Promise<Approached> => this.#accounts.approach(context, email);
    if (isCounted) await this.#begin(context, arrival, async () => (await approach()).account);
    const approached = await approach();
    const session = await this.#lookedAt(arrival, isCounted, () =>
      this.#attempt(context, request, approached, arrival),
    );
    if (session === undefined) return this.#refuse(context, approached.account, arrival);
    await this.#attempts.succeeded(arrival, isCounted);
    await this.#password.renew(context, approached.account, request.password);
    this.#journal.succeeded();
    return session;
  }

  /** @throws Failure `authentication_failed`, `too_many_requests` */
  async stepUp(context: RequestContext<PersonActor>, factor: Factor): Promise<NewSession> {
    const { accountId, sessionId } = context.actor;
    const account = await this.#database.run({ kind: 'identity' }, (manager) =>
      this.#accounts.find(context, manager, { id: accountId, status: 'active' }),
    );
    if (account === null) throw new Failure('authentication_failed');
    const arrival = await this.#attempts.arrive({ kind: 'session', sessionId });
    await this.#begin(context, arrival, () => Promise.resolve(account));
    const session = await this.#lookedAt(arrival, true, async () => {
      const proof = await this.#factor.check(account, factor);
      if (proof === undefined) return undefined;
      return this.#database.run({ kind: 'identity' }, async (manager) => {
        const present = await this.#accounts.lock(context, manager, account.id);
        if (present?.status !== 'active' || !(await this.#use(context, manager, present, proof)))
          return undefined;
        const rotated = await this.#sessions.rotate(manager, context, present);
        const subjects = await subjectOf(this.#sealer, present);
        await this.#ledger.stage(manager, {
          action: 'session.stepped_up',
          context,
          resource: rotated.id,
          subjects,
        });
        return rotated;
      });
    });
    if (session === undefined) return this.#refuse(context, account);
    await this.#attempts.succeeded(arrival);
    return session;
  }

  /** Looks again when the password was hashed anew meanwhile; whether this one still is it must be found out. */
  async #attempt(
    context: RequestContext,
    request: SignInRequest,
    approached: Approached,
    arrival: Arrival,
  ): Promise<NewSession | undefined> {
    let account: AccountEntity | null = approached.account;
    for (let looks = 0; account !== null && looks < MOST_LOOKS; looks += 1) {
      const result = await this.#look(context, request, { ...approached, account }, arrival);
      if (result !== 'changed') return result;
      const id: AccountId = account.id;
      account = await this.#database.run({ kind: 'identity' }, (manager) =>
        this.#accounts.find(context, manager, { id }),
      );
    }
    return undefined;
  }

  async #look(
    context: RequestContext,
    { password, factor, transport }: SignInRequest,
    { account, isKnown }: Approached,
    arrival: Arrival,
  ): Promise<NewSession | 'changed' | undefined> {
    // Both are always checked: which of them was wrong must show neither in the answer nor in its time.
    const matched = await this.#password.matches(account, password, laneOf(arrival));
    const proof = await this.#factor.check(account, factor);
    if (!isKnown || account.status !== 'active' || matched === undefined || proof === undefined)
      return undefined;
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      // What was checked took a while: under the lock it must still be the account's.
      const present = await this.#accounts.lock(context, manager, account.id);
      if (present?.status !== 'active') return undefined;
      if (!(await this.#password.isStill(present, matched))) return 'changed';
      const used = await this.#use(context, manager, present, proof);
      if (used === undefined) return undefined;
      // Whoever has lost the authenticator may do nothing before there is another.
      const limit = used.kind === 'recovery' ? 'totp_enrolment' : null;
      const session = await this.#sessions.open(manager, context, present, transport, limit);
      if (!arrival.isKnown) await this.#notices.send(manager, present, { kind: 'signed_in_elsewhere' });
      return session;
    });
  }

  /** Uses a factor up, and tells the owner of a recovery code. */
  async #use(
    context: RequestContext,
    manager: EntityManager,
    account: AccountEntity,
    proof: Proof,
  ): Promise<Used | undefined> {
    const used = await this.#factor.consume(context, manager, account, proof);
    if (used?.kind !== 'recovery') return used;
    const subjects = await subjectOf(this.#sealer, account);
    await this.#ledger.stage(manager, {
      action: 'recovery_code.used',
      context,
      resource: account.id,
      subjects,
    });
    await this.#notices.send(manager, account, { kind: 'recovery_code_used', left: used.left });
    return used;
  }

  /** @param aimedAt asked for only when there is something to record */
  async #begin(
    context: RequestContext,
    arrival: Arrival,
    aimedAt: () => Promise<AccountEntity>,
  ): Promise<void> {
    try {
      await this.#attempts.begin(arrival);
    } catch (error) {
      if (error instanceof TurnedAway) {
        this.#journal.countTurnedAway();
        if (error.isFirst) await this.#journal.turnedAway(context, await aimedAt());
      }
      throw error;
    }
  }

  /** What was not looked at because something was in the way does not count. */
  async #lookedAt<T>(arrival: Arrival, isCounted: boolean, look: () => Promise<T>): Promise<T> {
    try {
      return await look();
    } catch (error) {
      if (isCounted) await this.#attempts.withdraw(arrival);
      throw error;
    }
  }

  async #refuse(context: RequestContext, account: AccountEntity, arrival?: Arrival): Promise<never> {
    await this.#journal.refused(context, account);
    if (arrival?.isKnown === false) await this.#journal.strangerRefused(context);
    throw new Failure('authentication_failed');
  }
}
