import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure, systemCode } from '../../kernel/errors.js';
import type { Randomness } from '../../kernel/randomness.js';
import { lengthPrefixed } from '../format/binding.js';
import { decrypt, encrypt, NONCE_BYTES } from '../format/cipher.js';
import {
  KeyProvider,
  type KeyToUnwrap,
  type KeyToWrap,
  type Unwrapped,
  type WrapContext,
  type WrappedKey,
} from './key-provider.js';
import { parseOwn } from '../../kernel/json.js';

/** Whoever else may read the file may read everything. */
const FORBIDDEN_MODE = 0o077;

interface KeyringFile {
  readonly current: number;
  /** Master keys by version, 32 bytes in base64. */
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * Creates a keyring with one master key, readable by its owner only.
 * @returns false when there is one already, which is left as it is
 */
export async function createLocalKeyring(path: string): Promise<boolean> {
  const keyring: KeyringFile = { current: 1, versions: { 1: randomBytes(32).toString('base64') } };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(keyring, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    // A link never replaces an existing file, whoever creates it at the same moment.
    await link(temporary, path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** The master key in a file beside the application: for one machine, for trying out, for tests. */
export class LocalKeyring extends KeyProvider {
  readonly #path: string;
  readonly #randomness: Randomness;
  #loaded: Promise<ReadonlyMap<number, KeyObject>> | undefined;
  #current = 0;

  constructor(path: string, randomness: Randomness) {
    super();
    this.#path = path;
    this.#randomness = randomness;
  }

  override async wrapMany(keys: readonly KeyToWrap[]): Promise<readonly WrappedKey[]> {
    const masters = await this.#masters();
    const master = masters.get(this.#current);
    if (master === undefined)
      throw new Failure('keys_unavailable', { privateDetail: 'the keyring has no current key' });
    return keys.map(({ key, context }) => {
      const nonce = this.#randomness.bytes(NONCE_BYTES);
      const body = encrypt(master, nonce, contextBytes(context, this.#current), key);
      return { wrapped: Buffer.concat([nonce, body]), masterVersion: this.#current };
    });
  }

  override async unwrapMany(keys: readonly KeyToUnwrap[]): Promise<readonly Unwrapped[]> {
    const masters = await this.#masters();
    return keys.map(({ wrapped, masterVersion, context }) => {
      try {
        const master = masters.get(masterVersion);
        if (master === undefined) throw new Error('This version of the master key is gone.');
        const nonce = wrapped.subarray(0, NONCE_BYTES);
        const body = wrapped.subarray(NONCE_BYTES);
        return { ok: true, key: decrypt(master, nonce, contextBytes(context, masterVersion), body) };
      } catch (cause) {
        return { ok: false, cause };
      }
    });
  }

  #masters(): Promise<ReadonlyMap<number, KeyObject>> {
    this.#loaded ??= this.#read().catch((cause: unknown) => {
      this.#loaded = undefined;
      throw cause instanceof Failure
        ? cause
        : new Failure('keys_unavailable', { privateDetail: 'the keyring cannot be read', cause });
    });
    return this.#loaded;
  }

  async #read(): Promise<ReadonlyMap<number, KeyObject>> {
    if (((await stat(this.#path)).mode & FORBIDDEN_MODE) !== 0) {
      throw new Failure('keys_unavailable', { privateDetail: 'others can read the keyring: chmod 600' });
    }
    const file = parseOwn<KeyringFile>(await readFile(this.#path, 'utf8'));
    const masters = new Map(
      Object.entries(file.versions).map(([version, key]) => [
        Number(version),
        createSecretKey(Buffer.from(key, 'base64')),
      ]),
    );
    for (const master of masters.values()) {
      if (master.symmetricKeySize !== 32)
        throw new Failure('keys_unavailable', { privateDetail: 'a master key has the wrong size' });
    }
    this.#current = file.current;
    return masters;
  }
}

function contextBytes({ purpose, owner, version }: WrapContext, masterVersion: number): Buffer {
  return lengthPrefixed(['sceau/wrap/v1', purpose, owner, String(version), String(masterVersion)]);
}
