import type { OnApplicationShutdown } from '@nestjs/common';
import type { Availability } from '../availability.js';
import { inBatches } from '../batches.js';
import {
  KeyProvider,
  type KeyToUnwrap,
  type KeyToWrap,
  type MasterVersions,
  type Rewrapped,
  type Unwrapped,
  type WrapContext,
  type WrappedKey,
} from '../key-provider.js';
import { ProviderFault } from '../provider-fault.js';
import type { KmsAliases } from './kms-aliases.js';
import type { KmsConnection } from './kms-connection.js';
import { KmsFault } from './kms-faults.js';
import type { KmsRotation } from './kms-rotation.js';

/** Keys under one deadline. Each is a request: at the parallelism set, a deadline has room for many times as many. */
const KEYS_PER_DEADLINE = 64;
/** Longest ciphertext that KMS takes (`CiphertextBlob`); longer is refused as a whole request. */
const MOST_CIPHERTEXT_BYTES = 6_144;

/**
 * The master key in AWS KMS. Each version is a KMS key of its own, because KMS destroys keys and never the older
 * material inside one. What a wrapped key belongs to is its encryption context, which KMS authenticates and writes
 * into CloudTrail.
 */
export class KmsProvider extends KeyProvider implements OnApplicationShutdown {
  override readonly name = 'aws-kms';
  readonly #connection: KmsConnection;
  readonly #availability: Availability;
  readonly #aliases: KmsAliases;
  readonly #rotation: KmsRotation;

  constructor(
    connection: KmsConnection,
    availability: Availability,
    aliases: KmsAliases,
    rotation: KmsRotation,
  ) {
    super();
    this.#connection = connection;
    this.#availability = availability;
    this.#aliases = aliases;
    this.#rotation = rotation;
  }

  override wrapMany(keys: readonly KeyToWrap[]): Promise<readonly WrappedKey[]> {
    return this.#each(keys, ({ key, context }, signal) =>
      this.#underCurrent(signal, (version) => this.#encrypt(key, context, version, signal)),
    );
  }

  override unwrapMany(keys: readonly KeyToUnwrap[]): Promise<readonly Unwrapped[]> {
    return this.#each(keys, (item, signal) =>
      this.#opened<Unwrapped>(item, signal, async () => ({
        ok: true,
        key: await this.#decrypt(item, signal),
      })),
    );
  }

  override rewrapMany(keys: readonly KeyToUnwrap[]): Promise<readonly Rewrapped[]> {
    return this.#each(keys, (item, signal) =>
      this.#opened<Rewrapped>(item, signal, async () => ({
        ok: true,
        wrapped: await this.#reEncrypt(item, signal),
      })),
    );
  }

  override versions(): Promise<MasterVersions> {
    return this.#availability.answer(async (signal) => {
      this.#aliases.forget();
      const versions = await this.#aliases.versions(signal);
      const states = await Promise.all(versions.map((version) => this.#aliases.describe(version, signal)));
      return {
        current: versions.at(-1) ?? 0,
        usable: versions.filter((_, index) => states[index]?.state === 'usable'),
      };
    });
  }

  override rotate(): Promise<number> {
    return this.#availability.answer((signal) => this.#rotation.rotate(signal));
  }

  /** KMS destroys the key after AWS_KMS_DELETION_DAYS; until then it opens nothing, and the deletion can be cancelled. */
  override retire(version: number): Promise<void> {
    return this.#availability.answer((signal) => this.#rotation.retire(version, signal));
  }

  onApplicationShutdown(): void {
    this.#connection.close();
  }

  #each<K, R>(keys: readonly K[], work: (key: K, signal: AbortSignal) => Promise<R>): Promise<readonly R[]> {
    return inBatches(keys, KEYS_PER_DEADLINE, (batch) =>
      this.#availability.answer(async (signal) => {
        const results = await Promise.allSettled(batch.map((key) => work(key, signal)));
        return results.map((result) => {
          if (result.status === 'rejected') throw result.reason;
          return result.value;
        });
      }),
    );
  }

  /** Opens one key, and says of a damaged one, or one under a destroyed version, that it does not open. */
  async #opened<R>(
    item: KeyToUnwrap,
    signal: AbortSignal,
    open: () => Promise<R>,
  ): Promise<R | { readonly ok: false; readonly cause: unknown }> {
    const { wrapped, masterVersion } = item;
    if (wrapped.length === 0 || wrapped.length > MOST_CIPHERTEXT_BYTES)
      return { ok: false, cause: new Error('Not a ciphertext of KMS.') };
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof KmsFault)) throw error;
      const lost =
        error.damaged || (error.perhapsGone && (await this.#aliases.isGone(masterVersion, signal)));
      if (lost) return { ok: false, cause: error };
      throw error;
    }
  }

  /** A key that was created a moment ago is not yet known everywhere in KMS: then the version before it wraps. */
  async #underCurrent<R>(signal: AbortSignal, wrap: (version: number) => Promise<R>): Promise<R> {
    const [current, ...older] = (await this.#aliases.versions(signal)).toReversed();
    try {
      return await wrap(current ?? 0);
    } catch (error) {
      if (!(error instanceof KmsFault) || !error.perhapsGone) throw error;
      this.#aliases.forget();
      const [newest] = (await this.#aliases.versions(signal)).toReversed();
      const other = newest === current ? older[0] : newest;
      if (other === undefined) throw error;
      return wrap(other);
    }
  }

  #encrypt(
    key: Buffer,
    context: WrapContext,
    masterVersion: number,
    signal: AbortSignal,
  ): Promise<WrappedKey> {
    return this.#availability.ask(signal, (one) =>
      this.#connection.send(async (client, sdk) => {
        const command = new sdk.EncryptCommand({
          KeyId: this.#aliases.name(masterVersion),
          Plaintext: key,
          EncryptionContext: encryptionContext(context),
        });
        const answer = await client.send(command, { abortSignal: one });
        return { wrapped: bytesOf(answer.CiphertextBlob), masterVersion };
      }),
    );
  }

  #decrypt({ wrapped, masterVersion, context }: KeyToUnwrap, signal: AbortSignal): Promise<Buffer> {
    return this.#availability.ask(signal, (one) =>
      this.#connection.send(async (client, sdk) => {
        const command = new sdk.DecryptCommand({
          // Named, or KMS would open with any key that this account may use.
          KeyId: this.#aliases.name(masterVersion),
          CiphertextBlob: wrapped,
          EncryptionContext: encryptionContext(context),
        });
        const answer = await client.send(command, { abortSignal: one });
        return bytesOf(answer.Plaintext);
      }),
    );
  }

  async #reEncrypt(
    { wrapped, masterVersion, context }: KeyToUnwrap,
    signal: AbortSignal,
  ): Promise<WrappedKey> {
    const current = (await this.#aliases.versions(signal)).at(-1) ?? 0;
    return this.#availability.ask(signal, (one) =>
      this.#connection.send(async (client, sdk) => {
        const command = new sdk.ReEncryptCommand({
          CiphertextBlob: wrapped,
          SourceKeyId: this.#aliases.name(masterVersion),
          SourceEncryptionContext: encryptionContext(context),
          DestinationKeyId: this.#aliases.name(current),
          DestinationEncryptionContext: encryptionContext(context),
        });
        const answer = await client.send(command, { abortSignal: one });
        return { wrapped: bytesOf(answer.CiphertextBlob), masterVersion: current };
      }),
    );
  }
}

function encryptionContext({ purpose, owner, version }: WrapContext): Record<string, string> {
  return { purpose, owner, version: String(version) };
}

function bytesOf(bytes: Uint8Array | undefined): Buffer {
  if (bytes === undefined) throw new ProviderFault('an answer without its bytes', { transient: true });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
