import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import { type AccountId, newId } from '../../../kernel/ids.js';
import { Randomness } from '../../../kernel/randomness.js';
import type { FederationProvider } from '../../../platform/config/settings.js';
import { IndexKeys } from '../../../sealing/index.js';
import { AccountEntity } from '../persistence/account.entity.js';
import { type FederationPurpose, FederationStateEntity } from '../persistence/federation-state.entity.js';

/** On the way to a provider people type passwords; a ticket waits for six digits. */
const LIFETIME_MS: Readonly<Record<FederationPurpose, number>> = {
  sign_in: 10 * 60_000,
  link: 10 * 60_000,
  ticket: 5 * 60_000,
};
const RANDOM_BYTES = 26;
const EXPIRY_BYTES = 6;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;
/** Expired ones that are deleted whenever one is issued: more than come in. */
const SWEPT = 20;

export interface FederationState {
  readonly purpose: FederationPurpose;
  readonly provider: FederationProvider;
  /** Of a link and a ticket: whose. */
  readonly accountId: AccountId | null;
}

/** As it was looked at. */
export interface PresentState extends FederationState {
  /** Its account's at that moment: once that has risen, the state is void. */
  readonly epoch: number | null;
}

/** What goes with a token, made of it: nothing of it is stored (OIDC Core §3.1.2.1, RFC 7636 §4.1). */
export interface Proofs {
  readonly nonce: string;
  readonly codeVerifier: string;
}

/**
 * One-time tokens, each for one purpose and good in one browser only: whoever has a token and not the browser's secret
 * has nothing. Hash and MAC are keyed, so that a row can be neither planted, prolonged nor given to another account.
 * What is somebody's goes with their sessions: whatever ends all of them voids it too.
 */
@Injectable()
export class FederationStates {
  readonly #keys: IndexKeys;
  readonly #clock: Clock;
  readonly #randomness: Randomness;

  constructor(keys: IndexKeys, clock: Clock, randomness: Randomness) {
    this.#keys = keys;
    this.#clock = clock;
    this.#randomness = randomness;
  }

  /** @returns the token: 32 bytes in base64url, 208 bits of them random */
  async issue(manager: EntityManager, state: FederationState, browser: string): Promise<string> {
    const now = this.#clock.now();
    await manager.query(
      `DELETE FROM identity.federation_state WHERE id IN (
         SELECT id FROM identity.federation_state WHERE expires_at <= $1
         ORDER BY expires_at LIMIT ${SWEPT} FOR UPDATE SKIP LOCKED)`,
      [now],
    );
    const expiresAt = new Date(now.getTime() + LIFETIME_MS[state.purpose]);
    const expiry = Buffer.alloc(EXPIRY_BYTES);
    expiry.writeUIntBE(expiresAt.getTime(), 0, EXPIRY_BYTES);
    const token = Buffer.concat([this.#randomness.bytes(RANDOM_BYTES), expiry]).toString('base64url');
    const tokenHash = await this.#hash('token', token, browser);
    const epoch = await epochOf(manager, state);
    await manager.getRepository(FederationStateEntity).insert({
      id: newId<'federation_state'>(now.getTime()),
      ...state,
      tokenHash,
      mac: await this.#mac({ ...state, epoch }, tokenHash),
      expiresAt,
    });
    return token;
  }

  /** @returns what a token stands for in this browser, or `undefined` when for nothing (any more) */
  async peek(manager: EntityManager, token: string, browser: string): Promise<PresentState | undefined> {
    if (!this.#isCurrent(token)) return undefined;
    const tokenHash = await this.#hash('token', token, browser);
    const row = await manager.getRepository(FederationStateEntity).findOneBy({ tokenHash });
    if (row === null) return undefined;
    const { purpose, provider, accountId, mac } = row;
    const state = { purpose, provider, accountId, epoch: await epochOf(manager, row) };
    return timingSafeEqual(mac, await this.#mac(state, tokenHash)) ? state : undefined;
  }

  /**
   * Uses a token up; of several at the same moment one succeeds.
   * @returns as `peek`. Under the account's lock nothing voids it before the transaction has ended
   */
  async take(manager: EntityManager, token: string, browser: string): Promise<PresentState | undefined> {
    const state = await this.peek(manager, token, browser);
    if (state === undefined) return undefined;
    const tokenHash = await this.#hash('token', token, browser);
    const { affected } = await manager.getRepository(FederationStateEntity).delete({ tokenHash });
    return affected === 1 ? state : undefined;
  }

  async proofs(token: string, browser: string): Promise<Proofs> {
    return {
      nonce: (await this.#hash('nonce', token, browser)).toString('base64url'),
      codeVerifier: (await this.#hash('code-verifier', token, browser)).toString('base64url'),
    };
  }

  #isCurrent(token: string): boolean {
    if (!TOKEN.test(token)) return false;
    const expiry = Buffer.from(token, 'base64url').readUIntBE(RANDOM_BYTES, EXPIRY_BYTES);
    return this.#clock.now().getTime() < expiry;
  }

  async #hash(use: 'token' | 'nonce' | 'code-verifier', token: string, browser: string): Promise<Buffer> {
    return this.#keyed(['sceau/federation-state/v1', use, token, browser]);
  }

  async #mac({ purpose, provider, accountId, epoch }: PresentState, tokenHash: Buffer): Promise<Buffer> {
    const hash = tokenHash.toString('base64url');
    const since = epoch === null ? null : String(epoch);
    return this.#keyed(['sceau/federation-state-mac/v1', hash, purpose, provider, accountId, since]);
  }

  async #keyed(parts: readonly (string | null)[]): Promise<Buffer> {
    return createHmac('sha256', await this.#keys.key('federation'))
      .update(JSON.stringify(parts))
      .digest();
  }
}

async function epochOf(manager: EntityManager, { accountId }: FederationState): Promise<number | null> {
  if (accountId === null) return null;
  return (await manager.getRepository(AccountEntity).findOneBy({ id: accountId }))?.credentialEpoch ?? null;
}
