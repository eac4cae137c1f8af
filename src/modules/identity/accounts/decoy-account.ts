import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { AccountId } from '../../../kernel/ids.js';
import { Randomness } from '../../../kernel/randomness.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer, SubjectKeys } from '../../../sealing/index.js';
import { StandingRecords } from '../../security-records/index.js';
import { PasswordHashing } from '../passwords/password-hashing.js';
import { AccountEntity } from '../persistence/account.entity.js';
import { EMAIL, PASSWORD_HASH, RECOVERY_CODES, ROLE, TOTP_SECRET } from '../persistence/places.js';
import { hashRecoveryCode, newRecoveryCodes } from '../totp/recovery-codes.js';
import { newTotpSecret } from '../totp/totp.js';
import { ACCOUNT_RECORD, type AccountContent } from './account-record.js';

/** The same in every process, so that the key store has one key for it and not one a process. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a constant id, in the form of every other
const DECOY = '01900000-0000-7000-8000-000000000002' as AccountId;

/**
 * Nobody's account, against which an attempt on an unknown address is checked: with a key, a MAC, a revision and
 * sealed values like any other, so that it costs what an attempt on a known one costs. Its row is nowhere but in
 * memory and its secrets are drawn anew in each process and never told: nothing opens it.
 */
@Injectable()
export class DecoyAccount {
  readonly #database: Database;
  readonly #records: StandingRecords;
  readonly #sealer: Sealer;
  readonly #keys: SubjectKeys;
  readonly #hashing: PasswordHashing;
  readonly #clock: Clock;
  readonly #randomness: Randomness;
  #made: Promise<AccountEntity> | undefined;

  constructor(
    database: Database,
    records: StandingRecords,
    sealer: Sealer,
    keys: SubjectKeys,
    hashing: PasswordHashing,
    clock: Clock,
    randomness: Randomness,
  ) {
    this.#database = database;
    this.#records = records;
    this.#sealer = sealer;
    this.#keys = keys;
    this.#hashing = hashing;
    this.#clock = clock;
    this.#randomness = randomness;
  }

  /** @throws Failure `keys_unavailable`, after which the next call tries again */
  get(): Promise<AccountEntity> {
    this.#made ??= this.#make().catch((error: unknown) => {
      this.#made = undefined;
      throw error;
    });
    return this.#made;
  }

  /** The work of finding that an account stands. */
  async examine(manager: EntityManager, account: AccountEntity): Promise<void> {
    await this.#records.refusal(manager, ACCOUNT_RECORD, account);
    this.#keys.forget(account.id);
    await this.#sealer.openOperational(EMAIL, { subject: account.id, row: account.id }, account.email);
  }

  async #make(): Promise<AccountEntity> {
    await this.#keys.create(DECOY);
    const own = { subject: DECOY, row: DECOY };
    const secret = this.#randomness.bytes(18).toString('base64url');
    const codes = newRecoveryCodes(this.#randomness).map(hashRecoveryCode);
    const content: AccountContent = {
      id: DECOY,
      status: 'active',
      email: await this.#sealer.seal(EMAIL, own, 'nobody@example.invalid'),
      role: await this.#sealer.seal(ROLE, own, 'candidate'),
      passwordHash: await this.#sealer.seal(PASSWORD_HASH, own, await this.#hashing.hash(secret)),
      totpSecret: await this.#sealer.seal(TOTP_SECRET, own, newTotpSecret()),
      totpStep: '0',
      recoveryCodes: await this.#sealer.seal(RECOVERY_CODES, own, codes),
      locale: 'fr',
      createdAt: this.#clock.now(),
      credentialEpoch: 0,
      sessionFloors: [],
    };
    return this.#database.run({ kind: 'identity' }, async (manager) => {
      const stamp = await this.#records.stamp(manager, ACCOUNT_RECORD, content);
      const index = { emailIndex: Buffer.alloc(0), emailIndexNext: null };
      return manager.getRepository(AccountEntity).create({ ...content, ...index, ...stamp });
    });
  }
}
