import { createSecretKey, type KeyObject } from 'node:crypto';
import { Failure } from '../../kernel/errors.js';
import type { Randomness } from '../../kernel/randomness.js';
import { lengthPrefixed } from '../format/binding.js';
import { decrypt, encrypt, NONCE_BYTES } from '../format/cipher.js';
import {
  KeyProvider,
  type KeyToUnwrap,
  type KeyToWrap,
  type MasterVersions,
  type Rewrapped,
  type Unwrapped,
  type WrapContext,
  type WrappedKey,
} from './key-provider.js';
import { type Keyring, keyringStamp, type ReadKeyring, readKeyring, replaceKeyring } from './keyring-file.js';

const MASTER_KEY_BYTES = 32;

/**
 * The master key in a file beside the application: for one machine, for trying out, for tests. Every call looks
 * whether the file was replaced, so that a version made in one process wraps in all of them at once.
 * One process at a time may rotate or retire: the caller holds the key store's lock.
 */
export class LocalKeyring extends KeyProvider {
  override readonly name = 'local';
  readonly #path: string;
  readonly #randomness: Randomness;
  #read: ReadKeyring | undefined;

  constructor(path: string, randomness: Randomness) {
    super();
    this.#path = path;
    this.#randomness = randomness;
  }

  override async wrapMany(keys: readonly KeyToWrap[]): Promise<readonly WrappedKey[]> {
    const keyring = await this.#keyring();
    return keys.map(({ key, context }) => this.#wrap(keyring, key, context));
  }

  override async unwrapMany(keys: readonly KeyToUnwrap[]): Promise<readonly Unwrapped[]> {
    const { masters } = await this.#keyring();
    return keys.map((wrapped) => unwrap(masters, wrapped));
  }

  override async rewrapMany(keys: readonly KeyToUnwrap[]): Promise<readonly Rewrapped[]> {
    const keyring = await this.#keyring();
    return keys.map((wrapped): Rewrapped => {
      const unwrapped = unwrap(keyring.masters, wrapped);
      if (!unwrapped.ok) return unwrapped;
      try {
        return { ok: true, wrapped: this.#wrap(keyring, unwrapped.key, wrapped.context) };
      } finally {
        unwrapped.key.fill(0);
      }
    });
  }

  override async versions(): Promise<MasterVersions> {
    const { current, masters } = await this.#keyring();
    return { current, usable: [...masters.keys()].toSorted((a, b) => a - b) };
  }

  override async rotate(): Promise<number> {
    const { current, masters } = await this.#keyring();
    const version = current + 1;
    const key = this.#randomness.bytes(MASTER_KEY_BYTES);
    await this.#replace({
      current: version,
      masters: new Map([...masters, [version, createSecretKey(key)]]),
    });
    key.fill(0);
    return version;
  }

  /** @throws Failure `conflict` for the version that wraps now, and for one that never was */
  override async retire(version: number): Promise<void> {
    const { current, masters } = await this.#keyring();
    if (version === current)
      throw new Failure('conflict', { detail: 'The current version of the master key cannot be retired.' });
    if (version > current || version < 1)
      throw new Failure('conflict', { detail: 'The master key has no such version.' });
    if (!masters.has(version)) return;
    await this.#replace({ current, masters: new Map([...masters].filter(([kept]) => kept !== version)) });
  }

  #wrap({ current, masters }: Keyring, key: Buffer, context: WrapContext): WrappedKey {
    const master = masters.get(current);
    if (master === undefined)
      throw new Failure('keys_unavailable', { privateDetail: 'the keyring has no current key' });
    const nonce = this.#randomness.bytes(NONCE_BYTES);
    const body = encrypt(master, nonce, contextBytes(context, current), key);
    return { wrapped: Buffer.concat([nonce, body]), masterVersion: current };
  }

  async #keyring(): Promise<ReadKeyring> {
    try {
      if (this.#read?.stamp !== (await keyringStamp(this.#path))) this.#read = await readKeyring(this.#path);
      return this.#read;
    } catch (cause) {
      throw cause instanceof Failure
        ? cause
        : new Failure('keys_unavailable', { privateDetail: 'the keyring cannot be read', cause });
    }
  }

  async #replace(keyring: Keyring): Promise<void> {
    try {
      await replaceKeyring(this.#path, keyring);
    } catch (cause) {
      throw new Failure('keys_unavailable', { privateDetail: 'the keyring cannot be replaced', cause });
    }
  }
}

function unwrap(
  masters: ReadonlyMap<number, KeyObject>,
  { wrapped, masterVersion, context }: KeyToUnwrap,
): Unwrapped {
  try {
    const master = masters.get(masterVersion);
    if (master === undefined) throw new Error('This version of the master key is gone.');
    const nonce = wrapped.subarray(0, NONCE_BYTES);
    const body = wrapped.subarray(NONCE_BYTES);
    return { ok: true, key: decrypt(master, nonce, contextBytes(context, masterVersion), body) };
  } catch (cause) {
    return { ok: false, cause };
  }
}

function contextBytes({ purpose, owner, version }: WrapContext, masterVersion: number): Buffer {
  return lengthPrefixed(['sceau/wrap/v1', purpose, owner, String(version), String(masterVersion)]);
}
