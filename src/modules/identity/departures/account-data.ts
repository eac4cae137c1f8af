import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { OwnReading } from '../../../disclosure/index.js';
import { Failure } from '../../../kernel/errors.js';
import type { CandidateId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer } from '../../../sealing/index.js';
import {
  type ExportFile,
  PersonalData,
  type PersonalDataSource,
  type RecordFile,
} from '../../personal-data/index.js';
import { Accounts } from '../accounts/accounts.js';
import { PendingChanges } from '../changes/pending-changes.js';
import { FederatedIdentities } from '../federation/federated-identities.js';
import { OwnPasskeys } from '../passkeys/own-passkeys.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import { EMAIL, FOREIGN_IDENTITY, RECOVERY_CODES } from '../persistence/places.js';
import { RecoveryEntity } from '../persistence/recovery.entity.js';
import { Sessions } from '../sessions/sessions.js';
import { CandidateDepartures } from './candidate-departures.js';
import { WITHHELD } from './withheld.js';

/** The account, and how its owner signs in to it. */
@Injectable()
export class AccountData implements PersonalDataSource, OnModuleInit {
  readonly name = 'account';
  readonly tables = [
    'identity.account',
    'identity.federated_identity',
    'identity.federation_state',
    'identity.passkey',
    'identity.passkey_challenge',
    'identity.pending_change',
    'identity.pending_password',
    'identity.recovery',
    'identity.session',
    'identity.ticket',
    'platform.outgoing_mail',
  ];
  readonly given = [
    'identity_account.email',
    'identity_account.role',
    'identity_federated_identity.identity',
    'identity_session.origin',
  ] as const;
  readonly withheld = WITHHELD;
  readonly #data: PersonalData;
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #accounts: Accounts;
  readonly #sessions: Sessions;
  readonly #passkeys: OwnPasskeys;
  readonly #identities: FederatedIdentities;
  readonly #pending: PendingChanges;
  readonly #departures: CandidateDepartures;

  constructor(
    data: PersonalData,
    database: Database,
    sealer: Sealer,
    accounts: Accounts,
    sessions: Sessions,
    passkeys: OwnPasskeys,
    identities: FederatedIdentities,
    pending: PendingChanges,
    departures: CandidateDepartures,
  ) {
    this.#data = data;
    this.#database = database;
    this.#sealer = sealer;
    this.#accounts = accounts;
    this.#sessions = sessions;
    this.#passkeys = passkeys;
    this.#identities = identities;
    this.#pending = pending;
    this.#departures = departures;
  }

  onModuleInit(): void {
    this.#data.add(this);
  }

  async *files(reading: OwnReading): AsyncGenerator<ExportFile> {
    yield records('account', ['Account', 'Compte'], ABOUT.account, () => this.#account(reading));
    yield records('sessions', ['Open sessions', 'Sessions ouvertes'], ABOUT.sessions, async () => {
      const sessions = await this.#sessions.list(reading.context);
      return sessions.map(({ id, transport, createdAt, lastSeenAt, origin }) => {
        return { id, transport, createdAt, lastSeenAt, origin };
      });
    });
    yield records('passkeys', ['Passkeys', 'Clés d’accès'], ABOUT.passkeys, () =>
      this.#passkeys.list(reading.context),
    );
    yield records('identities', ['Linked identities', 'Identités rattachées'], ABOUT.identities, () =>
      this.#foreign(reading),
    );
  }

  async erase(candidate: CandidateId): Promise<void> {
    await this.#departures.removeLeftovers(candidate);
  }

  #account({ context }: OwnReading): Promise<readonly object[]> {
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      const account = await this.#accounts.find(context, manager, { id: context.actor.accountId });
      if (account === null) throw new Failure('not_found');
      const change = await this.#pending.find(manager, account, 'address');
      const recovery = await manager.getRepository(RecoveryEntity).findOneBy({ accountId: account.id });
      const { id, status, locale, createdAt } = account;
      const email = await this.#sealer.openOperational(EMAIL, { subject: id, row: id }, account.email);
      return [
        {
          id,
          email,
          newEmail: change?.address ?? null,
          role: 'candidate',
          status,
          locale,
          createdAt,
          hasAuthenticator: account.totpSecret !== null,
          recoveryCodesLeft: await this.#codesLeft(account),
          recoveryAskedAt: recovery?.askedAt ?? null,
        },
      ];
    });
  }

  async #codesLeft({ id, recoveryCodes }: AccountEntity): Promise<number> {
    if (recoveryCodes === null) return 0;
    const codes = await this.#sealer.openOperational(RECOVERY_CODES, { subject: id, row: id }, recoveryCodes);
    return codes.length;
  }

  #foreign({ context }: OwnReading): Promise<readonly object[]> {
    const { accountId: subject } = context.actor;
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      const linked = await this.#identities.of(context, manager, subject);
      return Promise.all(
        linked.map(async ({ id, provider, createdAt, identity }) => ({
          provider,
          ...(await this.#sealer.openOperational(FOREIGN_IDENTITY, { subject, row: id }, identity)),
          createdAt,
        })),
      );
    });
  }
}

const ABOUT = {
  account: {
    en: 'Your address, your choice of language and the state of your account.',
    fr: 'Votre adresse, votre langue et l’état de votre compte.',
  },
  sessions: {
    en: 'Where you are signed in: the kind of program, the network as far as it is kept, and when.',
    fr: 'Où vous êtes connecté·e : le type de programme, le réseau tel qu’il est conservé, et quand.',
  },
  passkeys: {
    en: 'The passkeys that you have added, as you have named them.',
    fr: 'Les clés d’accès que vous avez ajoutées, sous le nom que vous leur avez donné.',
  },
  identities: {
    en: 'Under which identity other services know you, as you have linked it to this account.',
    fr: 'Sous quelle identité d’autres services vous connaissent, telle que vous l’avez rattachée.',
  },
} as const;

function records(
  name: string,
  [en, fr]: readonly [string, string],
  about: RecordFile['about'],
  read: () => Promise<readonly object[]>,
): RecordFile {
  return {
    kind: 'records',
    name,
    title: { en, fr },
    about,
    async *items() {
      yield* await read();
    },
  };
}
