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
import { currentVersion, olderVersion } from '../refusals.js';
import { contextBytes } from '../wrap-context.js';
import type { Item, TransitEngine } from './transit-engine.js';
import type { TransitKey } from './vault-answers.js';

const ITEMS_IN_A_REQUEST = 512;

/**
 * The master key in the Transit engine of HashiCorp Vault or OpenBao. Its key is a derived one: what a wrapped key
 * belongs to goes in as the item's `context`, from which Vault derives the key that wraps it. So Vault can also
 * rewrap without handing the key out, which it cannot for what was bound by `associated_data`.
 */
export class VaultTransit extends KeyProvider implements OnApplicationShutdown {
  override readonly name = 'vault';
  readonly #engine: TransitEngine;
  readonly #availability: Availability;

  constructor(engine: TransitEngine, availability: Availability) {
    super();
    this.#engine = engine;
    this.#availability = availability;
  }

  override wrapMany(keys: readonly KeyToWrap[]): Promise<readonly WrappedKey[]> {
    return inBatches(keys, ITEMS_IN_A_REQUEST, (batch) =>
      this.#availability.answer(async (signal) => {
        const answers = await this.#engine.batch('encrypt', batch.map(plainItem), signal);
        return answers.map((answer) => {
          if (!answer.ok) throw new ProviderFault('refuses to encrypt', { transient: false });
          return wrappedOf(answer.text);
        });
      }),
    );
  }

  override unwrapMany(keys: readonly KeyToUnwrap[]): Promise<readonly Unwrapped[]> {
    return inBatches(keys, ITEMS_IN_A_REQUEST, (batch) =>
      this.#availability.answer((signal) => this.#unwrap(batch, signal)),
    );
  }

  override rewrapMany(keys: readonly KeyToUnwrap[]): Promise<readonly Rewrapped[]> {
    return inBatches(keys, ITEMS_IN_A_REQUEST, (batch) => this.#rewrap(batch));
  }

  override async versions(): Promise<MasterVersions> {
    const key = await this.#availability.answer((signal) => this.#engine.key(signal));
    return { current: key.latest, usable: usableOf(key) };
  }

  override rotate(): Promise<number> {
    return this.#availability.answer(async (signal) => {
      await this.#engine.rotate(signal);
      return (await this.#engine.key(signal)).latest;
    });
  }

  override retire(version: number): Promise<void> {
    return this.#availability.answer(async (signal) => {
      const key = await this.#engine.key(signal);
      if (version < key.leastAvailable) return;
      if (version >= key.latest) throw currentVersion(version);
      // Vault destroys from the oldest on, and everything below as well.
      const [oldest] = usableOf(key);
      if (oldest !== undefined && oldest < version) throw olderVersion(oldest);
      const least = version + 1;
      const decrypting = Math.max(key.leastDecrypting, least);
      await this.#engine.change('config', signal, {
        min_decryption_version: decrypting,
        min_encryption_version: Math.max(key.leastEncrypting, decrypting),
      });
      await this.#engine.change('trim', signal, { min_available_version: least });
    });
  }

  onApplicationShutdown(): Promise<void> {
    return this.#engine.close();
  }

  async #unwrap(batch: readonly KeyToUnwrap[], signal: AbortSignal): Promise<readonly Unwrapped[]> {
    const answers = await this.#engine.batch('decrypt', batch.map(sealedItem), signal);
    return answers.map((answer) =>
      answer.ok ? { ok: true, key: Buffer.from(answer.text, 'base64') } : refused(answer),
    );
  }

  /** Vault gives up a whole batch when one key in it is damaged: halves of it find out which. */
  async #rewrap(batch: readonly KeyToUnwrap[]): Promise<readonly Rewrapped[]> {
    const answers = await this.#availability.answer((signal) =>
      this.#engine.rewrap(batch.map(sealedItem), signal),
    );
    if (answers !== undefined)
      return answers.map((answer) =>
        answer.ok ? { ok: true, wrapped: wrappedOf(answer.text) } : refused(answer),
      );
    if (batch.length === 1) return [await this.#damaged(batch)];
    const middle = Math.ceil(batch.length / 2);
    const former = await this.#rewrap(batch.slice(0, middle));
    return [...former, ...(await this.#rewrap(batch.slice(middle)))];
  }

  /** Decrypting tells damage from a fault of Vault's own. */
  #damaged(only: readonly KeyToUnwrap[]): Promise<Rewrapped> {
    return this.#availability.answer(async (signal) => {
      const [unwrapped] = await this.#unwrap(only, signal);
      if (unwrapped?.ok === false) return unwrapped;
      unwrapped?.key.fill(0);
      throw new ProviderFault('fails to rewrap a key that is whole', { transient: true });
    });
  }
}

function contextOf(context: WrapContext): string {
  return contextBytes(context).toString('base64');
}

function plainItem({ key, context }: KeyToWrap): Item {
  return { plaintext: key.toString('base64'), context: contextOf(context) };
}

function sealedItem({ wrapped, masterVersion, context }: KeyToUnwrap): Item {
  return {
    ciphertext: `vault:v${masterVersion}:${wrapped.toString('base64')}`,
    context: contextOf(context),
  };
}

/** `vault:v3:<base64>`: the version has a column of its own, so the bytes are kept without it. */
function wrappedOf(ciphertext: string): WrappedKey {
  const [, version, body] = /^vault:v([1-9]\d{0,8}):([A-Za-z0-9+/]+={0,2})$/.exec(ciphertext) ?? [];
  if (version === undefined || body === undefined)
    throw new ProviderFault('a ciphertext of an unknown form', { transient: false });
  return { wrapped: Buffer.from(body, 'base64'), masterVersion: Number(version) };
}

function refused({ error }: { readonly error: string }): { readonly ok: false; readonly cause: unknown } {
  return { ok: false, cause: new Error(`Vault refuses this key: ${error}`) };
}

function usableOf({ latest, leastDecrypting, leastAvailable }: TransitKey): number[] {
  const oldest = Math.max(leastDecrypting, leastAvailable, 1);
  return Array.from({ length: Math.max(latest - oldest + 1, 0) }, (_, index) => oldest + index);
}
