import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../../../kernel/context.js';
import { Database } from '../../../platform/database/database.js';
import { Logger } from '../../../platform/logging/logger.js';
import { Sealer } from '../../../sealing/index.js';
import { Accounts } from '../accounts/accounts.js';
import type { AccountEntity } from '../persistence/account.entity.js';
import { PASSWORD_HASH } from '../persistence/places.js';
import type { Lane } from './hashing-queue.js';
import { PasswordHashing } from './password-hashing.js';

/** A hash that a password was found right for. */
export type Matched = { readonly hash: string };

/** The password that an account has, under its seal. */
@Injectable()
export class AccountPassword {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #accounts: Accounts;
  readonly #hashing: PasswordHashing;
  readonly #logger: Logger;

  constructor(
    database: Database,
    sealer: Sealer,
    accounts: Accounts,
    hashing: PasswordHashing,
    logger: Logger,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#accounts = accounts;
    this.#hashing = hashing;
    this.#logger = logger;
  }

  /** @throws Failure `service_unavailable` when too many passwords wait to be checked already */
  requireRoom(lane: Lane): void {
    this.#hashing.requireRoom(lane);
  }

  /** @throws as `requireRoom`, since others may have come meanwhile */
  async matches(account: AccountEntity, password: string, lane: Lane): Promise<Matched | undefined> {
    const hash = await this.#hashOf(account);
    return (await this.#hashing.matches(hash, password, lane)) ? { hash } : undefined;
  }

  /** By content: whoever renews the account's key writes other bytes of the same hash. */
  async isStill(account: AccountEntity, { hash }: Matched): Promise<boolean> {
    return (await this.#hashOf(account)) === hash;
  }

  /**
   * Hashes a password anew that was found right, when the settings ask for more than its hash has. Whoever signs in
   * is signed in whatever becomes of this: the next time tries again.
   */
  async renew(context: RequestContext, account: AccountEntity, password: string): Promise<void> {
    try {
      const hash = await this.#hashOf(account);
      if (!this.#hashing.isOutdated(hash)) return;
      const renewed = await this.#hashing.hash(password, 'known');
      const own = { subject: account.id, row: account.id };
      const passwordHash = await this.#sealer.seal(PASSWORD_HASH, own, renewed);
      await this.#database.run({ kind: 'identity' }, (manager) =>
        this.#accounts.change(context, manager, account.id, async (present) =>
          (await this.isStill(present, { hash })) ? { passwordHash } : undefined,
        ),
      );
    } catch (error) {
      this.#logger.fault('password not hashed anew', error, { requestId: context.requestId });
    }
  }

  #hashOf({ id, passwordHash }: AccountEntity): Promise<string> {
    return this.#sealer.openOperational(PASSWORD_HASH, { subject: id, row: id }, passwordHash);
  }
}
