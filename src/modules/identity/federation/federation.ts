import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { PersonActor, RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import type { AccountId } from '../../../kernel/ids.js';
import { Randomness } from '../../../kernel/randomness.js';
import { Ledger } from '../../../ledger/index.js';
import type { FederationProvider } from '../../../platform/config/settings.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer } from '../../../sealing/index.js';
import { subjectOf } from '../accounts/account-subject.js';
import { Accounts } from '../accounts/accounts.js';
import { newToken } from '../opaque-token.js';
import { type ForeignIdentity, ROLE } from '../persistence/places.js';
import { FederatedIdentities } from './federated-identities.js';
import { type FederationState, FederationStates, type PresentState } from './federation-states.js';
import { IdentityProviders } from './identity-providers.js';
import { OwnIdentities } from './own-identities.js';
import { PROVIDERS } from './provider-people.js';

/** Where a browser is to go, and the secret that it must come back with. */
export interface Departure {
  readonly url: string;
  readonly browser: string;
}

/** What a browser has come back with. An identity alone never opens a session. */
export type Return =
  | { readonly kind: 'ticket'; readonly ticket: string }
  | { readonly kind: 'linked' }
  | { readonly kind: 'unlinked' }
  /** Whoever was sent there did not want to. */
  | { readonly kind: 'cancelled' };

const OURS = /^[a-z_]{1,40}$/;

/** The way to an identity provider and back. */
@Injectable()
export class Federation {
  readonly #database: Database;
  readonly #providers: IdentityProviders;
  readonly #states: FederationStates;
  readonly #identities: FederatedIdentities;
  readonly #own: OwnIdentities;
  readonly #accounts: Accounts;
  readonly #sealer: Sealer;
  readonly #ledger: Ledger;
  readonly #randomness: Randomness;

  constructor(
    database: Database,
    providers: IdentityProviders,
    states: FederationStates,
    identities: FederatedIdentities,
    own: OwnIdentities,
    accounts: Accounts,
    sealer: Sealer,
    ledger: Ledger,
    randomness: Randomness,
  ) {
    this.#database = database;
    this.#providers = providers;
    this.#states = states;
    this.#identities = identities;
    this.#own = own;
    this.#accounts = accounts;
    this.#sealer = sealer;
    this.#ledger = ledger;
    this.#randomness = randomness;
  }

  /** @throws Failure `not_found` for a provider that is off, `service_unavailable` */
  start(provider: FederationProvider): Promise<Departure> {
    return this.#depart({ purpose: 'sign_in', provider, accountId: null });
  }

  /** To link an account to who one is there. @throws Failure `forbidden_role`; and as `start` */
  startLink({ actor }: RequestContext<PersonActor>, provider: FederationProvider): Promise<Departure> {
    if (!PROVIDERS[provider].roles.includes(actor.kind)) throw new Failure('forbidden_role');
    return this.#depart({ purpose: 'link', provider, accountId: actor.accountId });
  }

  /**
   * @param query of the callback, as it came
   * @param browser its secret, if it has one
   * @throws Failure `authentication_failed`, `conflict` for an identity that is linked already, `service_unavailable`
   */
  async callback(
    context: RequestContext,
    provider: FederationProvider,
    query: URLSearchParams,
    browser: string | undefined,
  ): Promise<Return> {
    const token = query.get('state') ?? '';
    const state = browser === undefined ? undefined : await this.#take(provider, token, browser);
    if (browser === undefined || state === undefined) return this.#refuse(context, 'unknown_state');
    if (query.get('error') === 'access_denied') {
      await this.#record(context, 'access_denied');
      return { kind: 'cancelled' };
    }
    const proofs = await this.#states.proofs(token, browser);
    const identity = await this.#providers
      .identify(provider, query, token, proofs)
      .catch((error: unknown) => {
        if (!(error instanceof Failure) || error.code !== 'authentication_failed') throw error;
        const reason = error.privateDetail ?? '';
        return this.#refuse(context, OURS.test(reason) ? reason : 'wrong_answer');
      });
    const { accountId, epoch } = state;
    if (accountId !== null && epoch !== null) {
      await this.#own.link(context, { accountId, epoch, provider }, identity);
      return { kind: 'linked' };
    }
    return this.#recognise(context, provider, identity, browser);
  }

  async #depart(state: FederationState): Promise<Departure> {
    this.#providers.requireOn(state.provider);
    const browser = newToken(this.#randomness);
    const token = await this.#database.run({ kind: 'identity' }, (manager) =>
      this.#states.issue(manager, state, browser),
    );
    const proofs = await this.#states.proofs(token, browser);
    return { url: await this.#providers.authorizationUrl(state.provider, token, proofs), browser };
  }

  /** Whatever comes of an answer, its state is good once. */
  #take(provider: FederationProvider, token: string, browser: string): Promise<PresentState | undefined> {
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      const state = await this.#states.peek(manager, token, browser);
      if (state === undefined || state.purpose === 'ticket' || state.provider !== provider) return undefined;
      return this.#states.take(manager, token, browser);
    });
  }

  /** Nobody is ever made an account here: staff are invited, candidates sign up. */
  async #recognise(
    context: RequestContext,
    provider: FederationProvider,
    identity: ForeignIdentity,
    browser: string,
  ): Promise<Return> {
    const ticket = await this.#database.run({ kind: 'identity' }, async (manager) => {
      const found = await this.#identities.find(context, manager, identity);
      if (found?.provider !== provider) return undefined;
      return this.#ticketFor(context, manager, found.accountId, provider, browser);
    });
    if (ticket !== undefined) return { kind: 'ticket', ticket };
    await this.#record(context, 'unlinked_identity');
    return { kind: 'unlinked' };
  }

  async #ticketFor(
    context: RequestContext,
    manager: EntityManager,
    accountId: AccountId,
    provider: FederationProvider,
    browser: string,
  ): Promise<string | undefined> {
    const account = await this.#accounts.find(context, manager, { id: accountId, status: 'active' });
    if (account === null) return undefined;
    const own = { subject: account.id, row: account.id };
    const role = await this.#sealer.openOperational(ROLE, own, account.role);
    if (!PROVIDERS[provider].roles.includes(role)) return undefined;
    const subjects = await subjectOf(this.#sealer, account);
    await this.#ledger.stage(manager, {
      action: 'federation.recognised',
      context,
      resource: account.id,
      subjects,
    });
    return this.#states.issue(manager, { purpose: 'ticket', provider, accountId }, browser);
  }

  async #refuse(context: RequestContext, reason: string): Promise<never> {
    await this.#record(context, reason);
    throw new Failure('authentication_failed');
  }

  async #record(context: RequestContext, reason: string): Promise<void> {
    await this.#ledger.append(
      { action: 'federation.refused', context, outcome: 'refused', reason },
      'staged',
    );
  }
}
