import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import type { AccountId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { Accounts } from '../accounts/accounts.js';
import { AttemptJournal } from '../attempts/attempt-journal.js';
import { Attempts } from '../attempts/attempts.js';
import { OwnAccount } from '../changes/own-account.js';
import { Notices } from '../notices/notices.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import type { Transport } from '../persistence/session.entity.js';
import { type NewSession, Sessions } from '../sessions/sessions.js';
import { type Factor, SecondFactor } from '../totp/second-factor.js';
import { FederatedIdentities } from './federated-identities.js';
import { FederationStates } from './federation-states.js';

export interface FederatedSignInRequest {
  /** As a provider's recognition has given it. */
  readonly ticket: string;
  readonly factor: Factor;
  readonly transport: Transport;
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
  readonly #own: OwnAccount;
  readonly #notices: Notices;
  readonly #attempts: Attempts;
  readonly #journal: AttemptJournal;
  readonly #ledger: Ledger;

  constructor(
    database: Database,
    states: FederationStates,
    identities: FederatedIdentities,
    accounts: Accounts,
    factor: SecondFactor,
    sessions: Sessions,
    own: OwnAccount,
    notices: Notices,
    attempts: Attempts,
    journal: AttemptJournal,
    ledger: Ledger,
  ) {
    this.#database = database;
    this.#states = states;
    this.#identities = identities;
    this.#accounts = accounts;
    this.#factor = factor;
    this.#sessions = sessions;
    this.#own = own;
    this.#notices = notices;
    this.#attempts = attempts;
    this.#journal = journal;
    this.#ledger = ledger;
  }

  /** @throws Failure `authentication_failed` for whatever is wrong, `too_many_requests` */
  async signIn(
    context: RequestContext,
    { ticket, factor, transport }: FederatedSignInRequest,
    browser: string | undefined,
  ): Promise<NewSession> {
    const account = browser === undefined ? null : await this.#recognised(context, ticket, browser);
    if (browser === undefined || account === null) {
      const entry = { action: 'session.refused', context, outcome: 'refused', reason: 'ticket' } as const;
      await this.#ledger.append(entry, 'staged');
      throw new Failure('authentication_failed');
    }
    const session = await this.#attempts.guess(
      { kind: 'shown', what: 'identity', accountId: account.id },
      {
        look: () => this.#look(context, account, { ticket, factor, transport }, browser),
        turnedAway: () => this.#journal.turnedAway(context, account),
      },
    );
    if (session === undefined) {
      await this.#journal.refused(context, account);
      throw new Failure('authentication_failed');
    }
    this.#journal.succeeded();
    const { wasKnown } = await this.#attempts.welcome(await this.#own.addressOf(account), context.address);
    if (!wasKnown)
      await this.#database.run({ kind: 'identity' }, (manager) =>
        this.#notices.send(manager, account, { kind: 'signed_in_elsewhere' }),
      );
    return session;
  }

  async #look(
    context: RequestContext,
    account: AccountEntity,
    { ticket, factor, transport }: FederatedSignInRequest,
    browser: string,
  ): Promise<NewSession | undefined> {
    const proof = await this.#factor.check(account, factor);
    if (proof === undefined) return undefined;
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      // What was checked took a while: under the lock both must still be what they were.
      const present = await this.#accounts.lock(context, manager, account.id);
      const state = present && (await this.#states.take(manager, ticket, browser));
      if (present?.status !== 'active' || state?.accountId !== present.id) return undefined;
      const used = await this.#factor.consume(context, manager, present, proof);
      return used && this.#sessions.open(manager, context, present, transport);
    });
  }

  /** Whose ticket it is, as long as the identity that it was given for is still theirs. */
  #recognised(context: RequestContext, ticket: string, browser: string): Promise<AccountEntity | null> {
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      const state = await this.#states.peek(manager, ticket, browser);
      if (state?.purpose !== 'ticket' || state.accountId === null) return null;
      const id: AccountId = state.accountId;
      const linked = await this.#identities.of(context, manager, id);
      if (!linked.some(({ provider }) => provider === state.provider)) return null;
      return this.#accounts.find(context, manager, { id, status: 'active' });
    });
  }
}
