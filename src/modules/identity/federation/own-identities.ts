import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { PersonActor, RequestContext } from '../../../kernel/context.js';
import { Failure, systemCode } from '../../../kernel/errors.js';
import { type AccountId, newId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import type { FederationProvider } from '../../../platform/config/settings.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer } from '../../../sealing/index.js';
import { subjectOf } from '../accounts/account-subject.js';
import { Accounts } from '../accounts/accounts.js';
import { Notices } from '../notices/notices.js';
import { FOREIGN_IDENTITY, type ForeignIdentity, ROLE } from '../persistence/places.js';
import { SessionEnds } from '../sessions/session-ends.js';
import { FederatedIdentities } from './federated-identities.js';
import type { FederatedIdentityId } from './federated-identity-id.js';
import { PROVIDERS } from './provider-people.js';

const UNIQUE_VIOLATION = '23505';

export interface LinkedIdentity {
  readonly id: FederatedIdentityId;
  readonly provider: FederationProvider;
  readonly createdAt: Date;
}

/** What somebody has asked for before they were sent to a provider. */
export interface Linking {
  readonly accountId: AccountId;
  /** The account's at the time: whatever has ended all its sessions since has ended this too. */
  readonly epoch: number;
  readonly provider: FederationProvider;
}

type Person = RequestContext<PersonActor>;

/** Who a person is at a provider, as far as they have linked it. */
@Injectable()
export class OwnIdentities {
  readonly #database: Database;
  readonly #accounts: Accounts;
  readonly #identities: FederatedIdentities;
  readonly #ends: SessionEnds;
  readonly #sealer: Sealer;
  readonly #notices: Notices;
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(
    database: Database,
    accounts: Accounts,
    identities: FederatedIdentities,
    ends: SessionEnds,
    sealer: Sealer,
    notices: Notices,
    ledger: Ledger,
    clock: Clock,
  ) {
    this.#database = database;
    this.#accounts = accounts;
    this.#identities = identities;
    this.#ends = ends;
    this.#sealer = sealer;
    this.#notices = notices;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  async list(context: Person): Promise<readonly LinkedIdentity[]> {
    const rows = await this.#database.run({ kind: 'identity' }, (manager) =>
      this.#identities.of(context, manager, context.actor.accountId),
    );
    return rows.map(({ id, provider, createdAt }) => ({ id, provider, createdAt }));
  }

  /**
   * For whoever has asked for it with a fresh second factor and has come back since.
   * @throws Failure `authentication_failed` for an account that is no more or whose sessions were all ended meanwhile,
   * `conflict` for an identity or an account that is linked already
   */
  async link(
    context: RequestContext,
    { accountId, epoch, provider }: Linking,
    identity: ForeignIdentity,
  ): Promise<void> {
    const now = this.#clock.now();
    const id = newId<'federated_identity'>(now.getTime());
    try {
      await this.#database.run({ kind: 'identity' }, async (manager) => {
        const account = await this.#accounts.lock(context, manager, accountId);
        if (account?.status !== 'active' || account.credentialEpoch !== epoch)
          throw new Failure('authentication_failed');
        const own = { subject: account.id, row: account.id };
        const role = await this.#sealer.openOperational(ROLE, own, account.role);
        if (!PROVIDERS[provider].roles.includes(role)) throw new Failure('authentication_failed');
        await this.#identities.insert(manager, {
          id,
          accountId,
          provider,
          identityIndex: await this.#identities.indexOf(identity),
          identity: await this.#sealer.seal(FOREIGN_IDENTITY, { subject: accountId, row: id }, identity),
          createdAt: now,
        });
        const subjects = await subjectOf(this.#sealer, account);
        await this.#ledger.stage(manager, { action: 'federation.linked', context, resource: id, subjects });
        await this.#notices.send(manager, account, {
          kind: 'identity_linked',
          provider: PROVIDERS[provider].name,
        });
      });
    } catch (error) {
      if (systemCode(error) !== UNIQUE_VIOLATION) throw error;
      throw new Failure('conflict', {
        detail: {
          en: 'This identity or account is linked already.',
          fr: 'Cette identité ou ce compte a déjà un rattachement.',
        },
        cause: error,
      });
    }
  }

  /**
   * Ends one’s other sessions with it: whoever came in by it elsewhere is to show that they can without. The one that
   * asks has just shown a factor of the account’s own.
   * @throws Failure `not_found` for one that is not one’s own
   */
  async unlink(context: Person, id: FederatedIdentityId): Promise<void> {
    const { accountId, sessionId } = context.actor;
    await this.#database.run({ kind: 'identity' }, async (manager) => {
      const changed = await this.#ends.renew(context, manager, accountId, sessionId, async (account) => {
        const removed = await this.#identities.remove(context, manager, { id, accountId });
        if (removed === null) return undefined;
        const subjects = await subjectOf(this.#sealer, account);
        await this.#ledger.stage(manager, { action: 'federation.unlinked', context, resource: id, subjects });
        const { name: provider } = PROVIDERS[removed.provider];
        await this.#notices.send(manager, account, { kind: 'identity_unlinked', provider });
        return {};
      });
      if (changed === null) throw new Failure('not_found');
    });
  }
}
