import { createSecretKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Failure } from '../../kernel/errors.js';
import { Randomness } from '../../kernel/randomness.js';
import { KeyProvider, type WrappedKey } from '../providers/key-provider.js';
import { KeyStore, type StoredKey } from './key-store.js';

/** What a keyed hash is for. Each purpose has a key of its own. */
export type IndexPurpose =
  | 'email'
  | 'cursor'
  | 'origin'
  | 'idempotency'
  | 'dpop-nonce'
  | 'token'
  | 'subject-pseudonym'
  | 'record-mac'
  | 'passkey'
  | 'federation'
  | 'canary';

const FIRST_VERSION = 1;

const nameOf = (purpose: string, version: number): string => `${purpose}/${version}`;

/** Keys for keyed hashes, made on first use and the same in every process. */
@Injectable()
export class IndexKeys {
  readonly #store: KeyStore;
  readonly #provider: KeyProvider;
  readonly #randomness: Randomness;
  readonly #clock: Clock;
  readonly #keys = new Map<string, Promise<KeyObject>>();

  constructor(store: KeyStore, provider: KeyProvider, randomness: Randomness, clock: Clock) {
    this.#store = store;
    this.#provider = provider;
    this.#randomness = randomness;
    this.#clock = clock;
  }

  /** @throws Failure `keys_unavailable` when the key store or the provider cannot be reached */
  key(purpose: IndexPurpose, version = FIRST_VERSION): Promise<KeyObject> {
    const entry = nameOf(purpose, version);
    const known = this.#keys.get(entry);
    if (known) return known;
    const loading = this.#load(purpose, version).catch((error: unknown) => {
      if (this.#keys.get(entry) === loading) this.#keys.delete(entry);
      throw error;
    });
    this.#keys.set(entry, loading);
    return loading;
  }

  /**
   * Forgets what was deleted from the store, and keeps everything else in memory.
   * @throws Failure `keys_unavailable`
   */
  async forgetDeleted(): Promise<void> {
    const stored = new Set(
      (await this.#store.indexKeys()).map(({ owner, version }) => nameOf(owner, version)),
    );
    for (const name of this.#keys.keys()) if (!stored.has(name)) this.#keys.delete(name);
  }

  /** Makes one version more of a key. @returns the newest version that is stored, by whomever */
  async renew(purpose: IndexPurpose, version: number): Promise<number> {
    const wrapped = await this.#wrapped(purpose, version);
    await this.#store.addIndexKey(purpose, version, wrapped, this.#clock.now());
    return this.#store.newestIndexKey(purpose);
  }

  async #load(purpose: IndexPurpose, version: number): Promise<KeyObject> {
    const row = await this.#stored(purpose, version);
    const context = { purpose: 'index-key', owner: purpose, version: row.version } as const;
    const [unwrapped] = await this.#provider.unwrapMany([{ ...row, context }]);
    if (unwrapped?.ok !== true) {
      throw new Failure('keys_unavailable', {
        privateDetail: 'an index key does not unwrap',
        cause: unwrapped?.cause,
      });
    }
    const key = createSecretKey(unwrapped.key);
    unwrapped.key.fill(0);
    return key;
  }

  /** The first version is made on first use. One that was there and is gone is never made anew: it would find nothing. */
  async #stored(purpose: IndexPurpose, version: number): Promise<StoredKey> {
    const existing = await this.#store.indexKey(purpose, version);
    if (existing !== undefined) return existing;
    if (version === FIRST_VERSION && (await this.#store.newestIndexKey(purpose)) === 0)
      await this.renew(purpose, FIRST_VERSION);
    const made = await this.#store.indexKey(purpose, version);
    if (made === undefined)
      throw new Failure('keys_unavailable', { privateDetail: `version ${version} of an index key is gone` });
    return made;
  }

  async #wrapped(purpose: IndexPurpose, version: number): Promise<WrappedKey> {
    const key = this.#randomness.bytes(32);
    const context = { purpose: 'index-key', owner: purpose, version } as const;
    const [wrapped] = await this.#provider.wrapMany([{ key, context }]);
    key.fill(0);
    if (wrapped === undefined) throw new Failure('keys_unavailable');
    return wrapped;
  }
}
