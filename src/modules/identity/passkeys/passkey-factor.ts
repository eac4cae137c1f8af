import { Injectable } from '@nestjs/common';
import type { AuthenticationResponseJSON, WebAuthnCredential } from '@simplewebauthn/server';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { Ledger } from '../../../ledger/index.js';
import { Settings } from '../../../platform/config/settings.js';
import { Database } from '../../../platform/database/database.js';
import { Logger } from '../../../platform/logging/logger.js';
import { Sealer, unlessUnreadable } from '../../../sealing/index.js';
import { subjectOf } from '../accounts/account-subject.js';
import { Notices } from '../notices/notices.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import type { PasskeyEntity } from '../persistence/passkey.entity.js';
import { PASSKEY_CREDENTIAL } from '../persistence/places.js';
import { type Assertion, checkAssertion } from './ceremony.js';
import { PasskeyChallenges } from './challenges.js';
import { newDecoyCredential } from './decoy-credential.js';
import type { PasskeyId } from './passkey-id.js';
import { Passkeys } from './passkeys.js';

/** What a browser answers to a challenge (WebAuthn §5.1.4), as JSON. */
export type PasskeyAssertion = AuthenticationResponseJSON;

/** An assertion that a passkey of the account has signed. */
export interface PasskeyProof extends Assertion {
  readonly id: PasskeyId;
  /** The row's when it was looked at. */
  readonly credential: Buffer;
}

/** A passkey as second factor: what it signs is checked first, and used up once it counts. */
@Injectable()
export class PasskeyFactor {
  readonly #database: Database;
  readonly #passkeys: Passkeys;
  readonly #challenges: PasskeyChallenges;
  readonly #sealer: Sealer;
  readonly #ledger: Ledger;
  readonly #notices: Notices;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #settings: Settings;
  readonly #decoy = newDecoyCredential();

  constructor(
    database: Database,
    passkeys: Passkeys,
    challenges: PasskeyChallenges,
    sealer: Sealer,
    ledger: Ledger,
    notices: Notices,
    logger: Logger,
    clock: Clock,
    settings: Settings,
  ) {
    this.#database = database;
    this.#passkeys = passkeys;
    this.#challenges = challenges;
    this.#sealer = sealer;
    this.#ledger = ledger;
    this.#notices = notices;
    this.#logger = logger;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** Looks at the assertion alone: whether its row stands is asked when it is to count. Always the same work. */
  async check(account: AccountEntity | null, assertion: PasskeyAssertion): Promise<PasskeyProof | undefined> {
    const found = await this.#database.run({ kind: 'identity' }, (manager) =>
      this.#passkeys.glimpse(manager, assertion.id),
    );
    const own = found !== null && (await this.#isOwn(account, found, assertion)) ? found : undefined;
    const credential = own === undefined ? this.#decoy : await this.#credentialOf(own);
    const checked = await checkAssertion(this.#settings.passkeys, assertion, credential);
    if (own === undefined || checked === undefined) return undefined;
    return { ...checked, id: own.id, credential: own.credential };
  }

  /** @returns whether it counts: the challenge was ours, for this, and new, and so is the counter */
  async consume(
    context: RequestContext,
    manager: EntityManager,
    account: AccountEntity,
    proof: PasskeyProof,
  ): Promise<boolean> {
    // The lock comes first, so that of two uses at once the second sees how the first has ended.
    const passkey = await this.#passkeys.lock(context, manager, { id: proof.id, accountId: account.id });
    // Sealed anew since it was checked: as good as never seen.
    if (passkey === null || !proof.credential.equals(passkey.credential)) return false;
    const purpose = context.actor.kind === 'anonymous' ? 'sign_in' : 'step_up';
    if (!(await this.#challenges.use(manager, { purpose, accountId: null }, proof.challenge))) return false;
    if (!isNewer(proof.counter, Number(passkey.counter))) {
      await this.#alert(context, manager, account, passkey);
      return false;
    }
    await this.#passkeys.change(manager, passkey, {
      counter: String(proof.counter),
      lastUsedAt: this.#clock.now(),
    });
    return true;
  }

  /** A passkey stands beside an authenticator, never in its place. */
  async #isOwn(
    account: AccountEntity | null,
    passkey: PasskeyEntity,
    { response: { userHandle } }: PasskeyAssertion,
  ): Promise<boolean> {
    return (
      account !== null &&
      account.totpSecret !== null &&
      passkey.accountId === account.id &&
      (userHandle === undefined || userHandle === (await this.#passkeys.userHandleOf(account.id)))
    );
  }

  async #credentialOf(passkey: PasskeyEntity): Promise<WebAuthnCredential> {
    const position = { subject: passkey.accountId, row: passkey.id };
    const opened = await unlessUnreadable(
      this.#sealer.openOperational(PASSKEY_CREDENTIAL, position, passkey.credential),
    );
    if (opened === undefined) return this.#decoy;
    const { id, publicKey } = opened;
    return { id, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter: 0 };
  }

  /** Whether the copy or the original came second is unknown, so the owner has to decide (WebAuthn §7.2, step 21). */
  async #alert(
    context: RequestContext,
    manager: EntityManager,
    account: AccountEntity,
    { id }: PasskeyEntity,
  ): Promise<void> {
    this.#logger.warn('passkey counter regressed', { requestId: context.requestId });
    await this.#ledger.append(
      {
        action: 'passkey.counter_regressed',
        context,
        outcome: 'refused',
        reason: 'counter_regressed',
        resource: id,
        subjects: await subjectOf(this.#sealer, account),
      },
      'staged',
    );
    await this.#notices.send(manager, account, { kind: 'passkey_copied' });
  }
}

/** An authenticator that does not count says 0 for ever; one that counts never says the same twice (§6.1.1). */
const isNewer = (presented: number, known: number): boolean =>
  presented > known || (presented === 0 && known === 0);
