import { createSecretKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Failure } from '../../kernel/errors.js';
import { Randomness } from '../../kernel/randomness.js';
import { KeyProvider, type WrappedKey } from '../providers/key-provider.js';
import { KeyStore } from './key-store.js';

/** What a keyed hash is for. Each purpose has a key of its own. */
export type IndexPurpose =
  'email' | 'cursor' | 'origin' | 'idempotency' | 'dpop-nonce' | 'token' | 'subject-pseudonym' | 'record-mac';

const VERSION = 1;

/** Keys for keyed hashes, made on first use and the same in every process. */
@Injectable()
export class IndexKeys {
  readonly #store: KeyStore;
  readonly #provider: KeyProvider;
  readonly #randomness: Randomness;
  readonly #clock: Clock;
  readonly #keys = new Map<IndexPurpose, Promise<KeyObject>>();

  constructor(store: KeyStore, provider: KeyProvider, randomness: Randomness, clock: Clock) {
    this.#store = store;
    this.#provider = provider;
    this.#randomness = randomness;
    this.#clock = clock;
  }

  /** @throws Failure `keys_unavailable` when the key store or the provider cannot be reached */
  key(purpose: IndexPurpose): Promise<KeyObject> {
    const known = this.#keys.get(purpose);
    if (known) return known;
    const loading = this.#load(purpose).catch((error: unknown) => {
      this.#keys.delete(purpose);
      throw error;
    });
    this.#keys.set(purpose, loading);
    return loading;
  }

  async #load(purpose: IndexPurpose): Promise<KeyObject> {
    const row = await this.#store.indexKey(purpose, () => this.#create(purpose), this.#clock.now());
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

  async #create(purpose: IndexPurpose): Promise<WrappedKey> {
    const key = this.#randomness.bytes(32);
    const context = { purpose: 'index-key', owner: purpose, version: VERSION } as const;
    const [wrapped] = await this.#provider.wrapMany([{ key, context }]);
    key.fill(0);
    if (wrapped === undefined) throw new Failure('keys_unavailable');
    return wrapped;
  }
}
