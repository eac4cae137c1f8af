import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import type { AccountId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { RateLimits } from '../../../platform/http/index.js';
import { Sealer } from '../../../sealing/index.js';
import { subjectOf } from '../accounts/account-subject.js';
import { Accounts } from '../accounts/accounts.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import type { Transport } from '../persistence/session.entity.js';
import { type NewSession, Sessions } from '../sessions/sessions.js';
import { type Factor, SecondFactor } from '../totp/second-factor.js';
import { FederatedIdentities } from './federated-identities.js';
import { type FederationState, FederationStates } from './federation-states.js';

export interface FederatedSignInRequest {
  /** As a provider's recognition has given it. */
  readonly ticket: string;
  readonly factor: Factor;
  readonly transport: Transport;
}

interface Recognised {
  readonly state: FederationState;
  readonly account: AccountEntity;
}

/** What a provider says stands in for the password. The second factor is ours, whatever it says. */
@Injectable()
export class FederatedSignIn {
  readonly #database: Database;
  readonly #states: FederationStates;
  readonly #identities: FederatedIdentities;
  readonly #accounts: Accounts;
  readonly #factor: SecondFactor;
  readonly #sessions: Sessions;
  readonly #sealer: Sealer;
  readonly #ledger: Ledger;
  readonly #limits: RateLimits;

  constructor(
    database: Database,
    states: FederationStates,
    identities: FederatedIdentities,
    accounts: Accounts,
    factor: SecondFactor,
    sessions: Sessions,
    sealer: Sealer,
    ledger: Ledger,
    limits: RateLimits,
  ) {
    this.#database = database;
    this.#states = states;
    this.#identities = identities;
    this.#accounts = accounts;
    this.#factor = factor;
    this.#sessions = sessions;
    this.#sealer = sealer;
    this.#ledger = ledger;
    this.#limits = limits;
  }

  /** @throws Failure `authentication_failed` for whatever is wrong, `too_many_requests` */
  async signIn(
    context: RequestContext,
    { ticket, factor, transport }: FederatedSignInRequest,
    browser: string | undefined,
  ): Promise<NewSession> {
    const recognised = browser === undefined ? undefined : await this.#recognised(context, ticket, browser);
    const account = recognised?.account ?? null;
    if (account !== null) await this.#limits.consume('sign_in_account', account.id);
    const proof = await this.#factor.check(account, factor);
    if (account !== null && browser !== undefined && proof !== undefined) {
      const session = await this.#database.run({ kind: 'identity' }, async (manager) => {
        if (!(await this.#states.use(manager, ticket, browser))) return undefined;
        // What was checked took a while: under the lock it must still be the account's.
        const present = await this.#accounts.lock(context, manager, account.id);
        if (present?.status !== 'active') return undefined;
        const used = await this.#factor.consume(context, manager, present, proof);
        return used && this.#sessions.open(manager, context, present, transport);
      });
      if (session !== undefined) return session;
    }
    await this.#refuse(context, account);
    throw new Failure('authentication_failed');
  }

  /** Whose ticket it is, as long as the identity that it was given for is still theirs. */
  #recognised(context: RequestContext, ticket: string, browser: string): Promise<Recognised | undefined> {
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      const state = await this.#states.peek(manager, ticket, browser);
      if (state?.purpose !== 'ticket' || state.accountId === null) return undefined;
      const id: AccountId = state.accountId;
      const linked = await this.#identities.of(context, manager, id);
      if (!linked.some(({ provider }) => provider === state.provider)) return undefined;
      const account = await this.#accounts.find(context, manager, { id, status: 'active' });
      return account === null ? undefined : { state, account };
    });
  }

  async #refuse(context: RequestContext, account: AccountEntity | null): Promise<void> {
    const known =
      account === null ? {} : { resource: account.id, subjects: await subjectOf(this.#sealer, account) };
    await this.#ledger.append(
      { action: 'session.refused', context, outcome: 'refused', reason: 'wrong_factors', ...known },
      'staged',
    );
  }
}
