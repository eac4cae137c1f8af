import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { AccountId } from '../../../kernel/ids.js';
import { newId } from '../../../kernel/ids.js';
import { Randomness } from '../../../kernel/randomness.js';
import { IndexKeys } from '../../../sealing/index.js';
import { type ChallengePurpose, PasskeyChallengeEntity } from '../persistence/passkey-challenge.entity.js';
import type { PasskeyId } from './passkey-id.js';

export const CHALLENGE_LIFETIME_MS = 5 * 60_000;

const RANDOM_BYTES = 26;
const EXPIRY_BYTES = 6;
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;
/** Expired challenges that are deleted whenever one is issued: more than come in. */
const SWEPT = 20;

/** What a challenge is for, and whose it is if somebody is known. */
export interface ChallengeUse {
  readonly purpose: ChallengePurpose;
  readonly accountId: AccountId | null;
}

export interface IssuedChallenge {
  readonly id: PasskeyId;
  /** 32 bytes in base64url, 208 bits of them random. */
  readonly challenge: string;
  readonly expiresAt: Date;
}

/**
 * Challenges for one ceremony each, good once and for five minutes. A challenge ends with its own expiry, and what is
 * stored is a keyed hash: whoever writes to the table can neither plant nor prolong one.
 */
@Injectable()
export class PasskeyChallenges {
  readonly #keys: IndexKeys;
  readonly #clock: Clock;
  readonly #randomness: Randomness;

  constructor(keys: IndexKeys, clock: Clock, randomness: Randomness) {
    this.#keys = keys;
    this.#clock = clock;
    this.#randomness = randomness;
  }

  async issue(manager: EntityManager, use: ChallengeUse): Promise<IssuedChallenge> {
    const now = this.#clock.now();
    await manager.query(
      `DELETE FROM identity.passkey_challenge WHERE id IN (
         SELECT id FROM identity.passkey_challenge WHERE expires_at <= $1
         ORDER BY expires_at LIMIT ${SWEPT} FOR UPDATE SKIP LOCKED)`,
      [now],
    );
    const expiresAt = new Date(now.getTime() + CHALLENGE_LIFETIME_MS);
    const expiry = Buffer.alloc(EXPIRY_BYTES);
    expiry.writeUIntBE(expiresAt.getTime(), 0, EXPIRY_BYTES);
    const challenge = Buffer.concat([this.#randomness.bytes(RANDOM_BYTES), expiry]).toString('base64url');
    const id = newId<'passkey'>(now.getTime());
    await manager
      .getRepository(PasskeyChallengeEntity)
      .insert({ id, ...use, challengeHash: await this.#hash(use, challenge), expiresAt });
    return { id, challenge, expiresAt };
  }

  /** Uses a challenge up; of several at the same moment one succeeds. @returns whether it was good */
  async use(manager: EntityManager, use: ChallengeUse, challenge: string): Promise<boolean> {
    if (!this.#isCurrent(challenge)) return false;
    const challengeHash = await this.#hash(use, challenge);
    const { affected } = await manager.getRepository(PasskeyChallengeEntity).delete({ challengeHash });
    return affected === 1;
  }

  /** Uses the challenge of a registration up, whatever the answer to it. @returns what it was, or `undefined` */
  async take(
    manager: EntityManager,
    id: PasskeyId,
    accountId: AccountId,
  ): Promise<PasskeyChallengeEntity | undefined> {
    const challenges = manager.getRepository(PasskeyChallengeEntity);
    const own = { id, accountId, purpose: 'registration' } as const;
    const challenge = await challenges.findOneBy(own);
    if (challenge === null) return undefined;
    const { affected } = await challenges.delete(own);
    return affected === 1 ? challenge : undefined;
  }

  /** Whether this is the challenge that was taken, and still good. */
  async isOf(taken: PasskeyChallengeEntity, challenge: string): Promise<boolean> {
    const hash = await this.#hash(taken, challenge);
    return (
      this.#isCurrent(challenge) &&
      hash.length === taken.challengeHash.length &&
      timingSafeEqual(hash, taken.challengeHash)
    );
  }

  #isCurrent(challenge: string): boolean {
    if (!CHALLENGE.test(challenge)) return false;
    const expiry = Buffer.from(challenge, 'base64url').readUIntBE(RANDOM_BYTES, EXPIRY_BYTES);
    return this.#clock.now().getTime() < expiry;
  }

  async #hash({ purpose, accountId }: ChallengeUse, challenge: string): Promise<Buffer> {
    return createHmac('sha256', await this.#keys.key('passkey'))
      .update(`sceau/passkey-challenge/v1\n${purpose}\n${accountId ?? ''}\n${challenge}`)
      .digest();
  }
}
