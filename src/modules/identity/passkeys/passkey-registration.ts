import { Injectable } from '@nestjs/common';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  RegistrationResponseJSON,
  WebAuthnCredential,
} from '@simplewebauthn/server';
import { Clock } from '../../../kernel/clock.js';
import type { PersonActor, RequestContext } from '../../../kernel/context.js';
import { Failure, systemCode } from '../../../kernel/errors.js';
import { Ledger } from '../../../ledger/index.js';
import { Settings } from '../../../platform/config/settings.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer } from '../../../sealing/index.js';
import { subjectOf } from '../accounts/account-subject.js';
import type { PasskeyEntity } from '../persistence/passkey.entity.js';
import { EMAIL, PASSKEY_CREDENTIAL } from '../persistence/places.js';
import { checkAttestation } from './ceremony.js';
import { PasskeyChallenges } from './challenges.js';
import { creationOptions } from './options.js';
import type { PasskeySummary } from './own-passkeys.js';
import { PasskeyChanges } from './passkey-changes.js';
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

/** A passkey as a browser has made it, and what its owner calls it. */
export interface MadePasskey {
  readonly response: RegistrationResponseJSON;
  readonly name: string | null;
}

type Person = RequestContext<PersonActor>;

/** Adds passkeys to a person's account, each on an offer that is good once. */
@Injectable()
export class PasskeyRegistration {
  readonly #database: Database;
  readonly #passkeys: Passkeys;
  readonly #challenges: PasskeyChallenges;
  readonly #changes: PasskeyChanges;
  readonly #sealer: Sealer;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #settings: Settings;

  constructor(
    database: Database,
    passkeys: Passkeys,
    challenges: PasskeyChallenges,
    changes: PasskeyChanges,
    sealer: Sealer,
    ledger: Ledger,
    clock: Clock,
    settings: Settings,
  ) {
    this.#database = database;
    this.#passkeys = passkeys;
    this.#challenges = challenges;
    this.#changes = changes;
    this.#sealer = sealer;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** Offers a challenge to answer with a new passkey. @throws Failure `conflict` when there are too many already */
  async offer(context: Person): Promise<PasskeyOffer> {
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      const account = await this.#changes.account(context, manager);
      const known = await this.#passkeys.of(context, manager, account.id);
      requireRoom(known);
      const use = { purpose: 'registration', accountId: account.id } as const;
      const { id, challenge } = await this.#challenges.issue(manager, use);
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
   * Adds the passkey that was made for an offer, which is good once, whatever the answer to it.
   * @throws Failure `not_found` for an offer that is not one's own, or is over; `authentication_failed` for a wrong
   * answer; `conflict` for a passkey that is known already, and one too many
   */
  async confirm(context: Person, id: PasskeyId, { response, name }: MadePasskey): Promise<PasskeySummary> {
    const taken = await this.#database.run({ kind: 'identity' }, (manager) =>
      this.#challenges.take(manager, id, context.actor.accountId),
    );
    if (taken === undefined) throw new Failure('not_found');
    const attested = await checkAttestation(this.#settings.passkeys, response, (challenge) =>
      this.#challenges.isOf(taken, challenge),
    );
    if (attested === undefined) {
      await this.#refuse(context);
      throw new Failure('authentication_failed');
    }
    return this.#add(context, id, { ...attested.credential, name }).catch((error: unknown) => {
      if (systemCode(error) !== UNIQUE_VIOLATION) throw error;
      throw new Failure('conflict', {
        detail: {
          en: 'This passkey is registered already.',
          fr: 'Cette clé d’accès est déjà enregistrée.',
        },
        cause: error,
      });
    });
  }

  async #add(
    context: Person,
    id: PasskeyId,
    {
      id: credentialId,
      publicKey,
      counter,
      transports = [],
      name,
    }: WebAuthnCredential & { readonly name: string | null },
  ): Promise<PasskeySummary> {
    const { accountId } = context.actor;
    const credential = await this.#sealer.seal(
      PASSKEY_CREDENTIAL,
      { subject: accountId, row: id },
      { id: credentialId, publicKey: Buffer.from(publicKey).toString('base64url'), transports, name },
    );
    const createdAt = this.#clock.now();
    await this.#changes.make(context, { passkey: id, done: 'added' }, async (manager) => {
      // Several may have been offered while there was room for one.
      requireRoom(await this.#passkeys.of(context, manager, accountId));
      await this.#passkeys.insert(manager, {
        id,
        accountId,
        credentialIndex: await this.#passkeys.indexOf(credentialId),
        credential,
        counter: String(counter),
        createdAt,
        lastUsedAt: null,
      });
    });
    return { id, name, createdAt, lastUsedAt: null };
  }

  async #refuse(context: Person): Promise<void> {
    const account = await this.#database.run({ kind: 'identity' }, (manager) =>
      this.#changes.account(context, manager),
    );
    await this.#ledger.append(
      {
        action: 'passkey.added',
        context,
        outcome: 'refused',
        reason: 'wrong_attestation',
        resource: account.id,
        subjects: await subjectOf(this.#sealer, account),
      },
      'staged',
    );
  }

  #credentialOf({ id, accountId, credential }: PasskeyEntity) {
    return this.#sealer.openOperational(PASSKEY_CREDENTIAL, { subject: accountId, row: id }, credential);
  }
}

/** @throws Failure `conflict` */
function requireRoom(known: readonly PasskeyEntity[]): void {
  if (known.length < MOST_PASSKEYS) return;
  throw new Failure('conflict', {
    detail: {
      en: `An account has ${MOST_PASSKEYS} passkeys at most.`,
      fr: `Un compte a au plus ${MOST_PASSKEYS} clés d’accès.`,
    },
  });
}
