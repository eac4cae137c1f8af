import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { Locale, RequestContext } from '../../../kernel/context.js';
import { Failure, systemCode } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/ids.js';
import { Randomness } from '../../../kernel/randomness.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { Sealer, SubjectKeys } from '../../../sealing/index.js';
import { Accounts } from '../accounts/accounts.js';
import { PasswordHashing } from '../passwords/password-hashing.js';
import { EMAIL, PASSWORD_HASH, RECOVERY_CODES, ROLE, TOTP_SECRET } from '../persistence/places.js';
import { newTotpSecret } from '../totp/totp.js';

export interface NewStaff {
  readonly email: string;
  readonly role: 'auditor' | 'operator';
  readonly locale: Locale;
}

/** What a new member of staff needs to sign in, shown once. */
export interface StaffCredentials {
  readonly email: string;
  readonly password: string;
  readonly totpSecret: string;
}

/** Auditors and operators, made from the command line. */
@Injectable()
export class Staff {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #keys: SubjectKeys;
  readonly #hashing: PasswordHashing;
  readonly #accounts: Accounts;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #randomness: Randomness;

  constructor(
    database: Database,
    sealer: Sealer,
    keys: SubjectKeys,
    hashing: PasswordHashing,
    accounts: Accounts,
    ledger: Ledger,
    clock: Clock,
    randomness: Randomness,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#keys = keys;
    this.#hashing = hashing;
    this.#accounts = accounts;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#randomness = randomness;
  }

  /** @throws Failure `conflict` when the address has an account already */
  async create(context: RequestContext, { email, role, locale }: NewStaff): Promise<StaffCredentials> {
    const now = this.#clock.now();
    const id = newId<'account'>(now.getTime());
    const own = { subject: id, row: id };
    const password = this.#randomness.bytes(18).toString('base64url');
    const totpSecret = newTotpSecret();
    await this.#keys.create(id);
    const account = {
      id,
      status: 'active',
      email: await this.#sealer.seal(EMAIL, own, email),
      role: await this.#sealer.seal(ROLE, own, role),
      passwordHash: await this.#sealer.seal(PASSWORD_HASH, own, await this.#hashing.hash(password)),
      totpSecret: await this.#sealer.seal(TOTP_SECRET, own, totpSecret),
      totpStep: '0',
      recoveryCodes: await this.#sealer.seal(RECOVERY_CODES, own, []),
      locale,
      createdAt: now,
    } as const;
    try {
      await this.#database.run({ kind: 'system' }, async (manager) => {
        await this.#accounts.insert(manager, email, account);
        await this.#ledger.stage(manager, { action: 'staff.created', context, resource: id, reason: role });
      });
    } catch (error) {
      if (systemCode(error) !== '23505') throw error;
      throw new Failure('conflict', { detail: 'This address has an account already.', cause: error });
    }
    return { email, password, totpSecret };
  }
}
