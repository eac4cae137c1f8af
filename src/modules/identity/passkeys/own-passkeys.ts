import { Injectable } from '@nestjs/common';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  RegistrationResponseJSON,
  WebAuthnCredential,
} from '@simplewebauthn/server';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { PersonActor, RequestContext } from '../../../kernel/context.js';
import { Failure, systemCode } from '../../../kernel/errors.js';
import type { AccountId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Settings } from '../../../platform/config/settings.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer } from '../../../sealing/index.js';
import { subjectOf } from '../accounts/account-subject.js';
import { Accounts } from '../accounts/accounts.js';
import { Notices } from '../notices/notices.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import type { PasskeyEntity } from '../persistence/passkey.entity.js';
import { EMAIL, PASSKEY_CREDENTIAL } from '../persistence/places.js';
import { SessionEnds } from '../sessions/session-ends.js';
import { checkAttestation } from './ceremony.js';
import { PasskeyChallenges } from './challenges.js';
import { creationOptions } from './options.js';
import type { PasskeyId } from './passkey-id.js';
import { Passkeys } from './passkeys.js';

/** As many as a person has devices; each costs a check when they are listed. */
const MOST_PASSKEYS = 10;

const UNIQUE_VIOLATION = '23505';

export interface PasskeyOffer {
  /** That the passkey will have. */
  readonly id: PasskeyId;
  readonly options: PublicKeyCredentialCreationOptionsJSON;
}

export interface PasskeySummary {
  readonly id: PasskeyId;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

type Person = RequestContext<PersonActor>;

/** A person's own passkeys: an account keeps its authenticator, whatever is added or removed here. */
@Injectable()
export class OwnPasskeys {
  readonly #database: Database;
  readonly #accounts: Accounts;
  readonly #passkeys: Passkeys;
  readonly #challenges: PasskeyChallenges;
  readonly #sealer: Sealer;
  readonly #ends: SessionEnds;
  readonly #notices: Notices;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #settings: Settings;

  constructor(
    database: Database,
    accounts: Accounts,
    passkeys: Passkeys,
    challenges: PasskeyChallenges,
    sealer: Sealer,
    ends: SessionEnds,
    notices: Notices,
    ledger: Ledger,
    clock: Clock,
    settings: Settings,
  ) {
    this.#database = database;
    this.#accounts = accounts;
    this.#passkeys = passkeys;
    this.#challenges = challenges;
    this.#sealer = sealer;
    this.#ends = ends;
    this.#notices = notices;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#settings = settings;
  }

  async list(context: Person): Promise<readonly PasskeySummary[]> {
    const passkeys = await this.#database.run({ kind: 'identity' }, (manager) =>
      this.#passkeys.of(context, manager, context.actor.accountId),
    );
    return passkeys.map(summaryOf);
  }

  /** Offers a challenge to answer with a new passkey. @throws Failure `conflict` when there are too many already */
  async offer(context: Person): Promise<PasskeyOffer> {
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      const account = await this.#account(context, manager);
      const known = await this.#passkeys.of(context, manager, account.id);
      if (known.length >= MOST_PASSKEYS)
        throw new Failure('conflict', { detail: `An account has ${MOST_PASSKEYS} passkeys at most.` });
      const { id, challenge } = await this.#challenges.issue(manager, {
        purpose: 'registration',
        accountId: account.id,
      });
      const own = { subject: account.id, row: account.id };
      const options = creationOptions({
        rpId: this.#settings.passkeys.rpId,
        challenge,
        userHandle: await this.#passkeys.userHandleOf(account.id),
        userName: await this.#sealer.openOperational(EMAIL, own, account.email),
        known: await Promise.all(known.map((passkey) => this.#credentialOf(passkey))),
      });
      return { id, options };
    });
  }

  /**
   * Adds the passkey that was made for an offer. An offer is good once, whatever the answer to it.
   * @throws Failure `not_found` for an offer that is not one's own, or is over; `authentication_failed` for a wrong
   * answer; `conflict` for a passkey that is known already
   */
  async confirm(context: Person, id: PasskeyId, response: RegistrationResponseJSON): Promise<PasskeySummary> {
    const { accountId } = context.actor;
    const taken = await this.#database.run({ kind: 'identity' }, (manager) =>
      this.#challenges.take(manager, id, accountId),
    );
    if (taken === undefined) throw new Failure('not_found');
    const attested = await checkAttestation(this.#settings.passkeys, response, (challenge) =>
      this.#challenges.isOf(taken, challenge),
    );
    if (attested === undefined) {
      await this.#refuse(context);
      throw new Failure('authentication_failed');
    }
    const added = await this.#database
      .run({ kind: 'identity' }, (manager) => this.#add(context, manager, id, attested.credential))
      .catch((error: unknown) => {
        if (systemCode(error) !== UNIQUE_VIOLATION) throw error;
        throw new Failure('conflict', { detail: 'This passkey is registered already.', cause: error });
      });
    await this.#ends.endAll(context, context.actor.sessionId);
    return added;
  }

  /** @throws Failure `not_found` for a passkey that is not one's own */
  async remove(context: Person, id: PasskeyId): Promise<void> {
    const { accountId } = context.actor;
    await this.#database.run({ kind: 'identity' }, async (manager) => {
      const account = await this.#account(context, manager);
      const passkey = await this.#passkeys.lock(context, manager, { id, accountId });
      if (passkey === null) throw new Failure('not_found');
      await this.#passkeys.remove(manager, passkey);
      await this.#tell(context, manager, account, id, 'removed');
    });
    await this.#ends.endAll(context, context.actor.sessionId);
  }

  async #add(
    context: Person,
    manager: EntityManager,
    id: PasskeyId,
    { id: credentialId, publicKey, counter, transports = [] }: WebAuthnCredential,
  ): Promise<PasskeySummary> {
    const account = await this.#account(context, manager);
    const credential = await this.#sealer.seal(
      PASSKEY_CREDENTIAL,
      { subject: account.id, row: id },
      { id: credentialId, publicKey: Buffer.from(publicKey).toString('base64url'), transports },
    );
    const passkey = {
      id,
      accountId: account.id,
      credentialIndex: await this.#passkeys.indexOf(credentialId),
      credential,
      counter: String(counter),
      createdAt: this.#clock.now(),
      lastUsedAt: null,
    };
    await this.#passkeys.insert(manager, passkey);
    await this.#tell(context, manager, account, id, 'added');
    return summaryOf(passkey);
  }

  async #tell(
    context: Person,
    manager: EntityManager,
    account: AccountEntity,
    resource: PasskeyId,
    what: 'added' | 'removed',
  ): Promise<void> {
    const subjects = await subjectOf(this.#sealer, account);
    await this.#ledger.stage(manager, { action: `passkey.${what}`, context, resource, subjects });
    await this.#notices.send(manager, account, { kind: `passkey_${what}` });
  }

  async #refuse(context: Person): Promise<void> {
    const subjects = await this.#database.run({ kind: 'identity' }, async (manager) =>
      subjectOf(this.#sealer, await this.#account(context, manager)),
    );
    await this.#ledger.append(
      {
        action: 'passkey.added',
        context,
        outcome: 'refused',
        reason: 'wrong_attestation',
        resource: context.actor.accountId,
        subjects,
      },
      'staged',
    );
  }

  async #account(context: Person, manager: EntityManager): Promise<AccountEntity> {
    const id: AccountId = context.actor.accountId;
    const account = await this.#accounts.find(context, manager, { id, status: 'active' });
    if (account === null) throw new Failure('unauthenticated');
    return account;
  }

  #credentialOf({ id, accountId, credential }: PasskeyEntity) {
    return this.#sealer.openOperational(PASSKEY_CREDENTIAL, { subject: accountId, row: id }, credential);
  }
}

const summaryOf = ({ id, createdAt, lastUsedAt }: PasskeySummary): PasskeySummary => ({
  id,
  createdAt,
  lastUsedAt,
});
