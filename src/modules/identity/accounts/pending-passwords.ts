import { Injectable } from '@nestjs/common';
import { type EntityManager, MoreThan } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { AccountId } from '../../../kernel/ids.js';
import { Sealer } from '../../../sealing/index.js';
import { hashToken } from '../opaque-token.js';
import { PendingPasswordEntity } from '../persistence/pending-password.entity.js';
import { PENDING_PASSWORD } from '../persistence/places.js';

/** As long as the link that it belongs to. */
const LIFETIME_MS = 24 * 3_600_000;

/**
 * Passwords that were asked for and not confirmed. Each counts with the one link that was mailed for it, so that whoever
 * asks for an account at somebody else's address never has their own password confirmed by that person.
 */
@Injectable()
export class PendingPasswords {
  readonly #sealer: Sealer;
  readonly #clock: Clock;

  constructor(sealer: Sealer, clock: Clock) {
    this.#sealer = sealer;
    this.#clock = clock;
  }

  /** In place of the one before, whose link has stopped working as well. */
  async keep(
    manager: EntityManager,
    accountId: AccountId,
    token: string,
    passwordHash: string,
  ): Promise<void> {
    const own = { subject: accountId, row: accountId };
    const tokenHash = hashToken(token).toString('base64url');
    const content = await this.#sealer.seal(PENDING_PASSWORD, own, { passwordHash, tokenHash });
    const expiresAt = new Date(this.#clock.now().getTime() + LIFETIME_MS);
    const pending = manager.getRepository(PendingPasswordEntity);
    await pending.upsert({ accountId, content, expiresAt }, ['accountId']);
  }

  /** @returns the hash of the password that this link was asked for with, which is forgotten here */
  async take(manager: EntityManager, accountId: AccountId, token: string): Promise<string | undefined> {
    const pending = manager.getRepository(PendingPasswordEntity);
    const row = await pending.findOneBy({ accountId, expiresAt: MoreThan(this.#clock.now()) });
    if (row === null) return undefined;
    const own = { subject: accountId, row: accountId };
    const { passwordHash, tokenHash } = await this.#sealer.openOperational(
      PENDING_PASSWORD,
      own,
      row.content,
    );
    if (tokenHash !== hashToken(token).toString('base64url')) return undefined;
    await pending.delete({ accountId });
    return passwordHash;
  }
}
