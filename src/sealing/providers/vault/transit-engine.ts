import type { VaultSettings } from '../../../platform/config/key-provider-settings.js';
import type { Availability } from '../availability.js';
import { ProviderFault } from '../provider-fault.js';
import { type ItemAnswer, readBatch, readTransitKey, type TransitKey } from './vault-answers.js';
import { VaultFault, type VaultHttp } from './vault-http.js';
import type { VaultSession } from './vault-session.js';

/** One of a batch: what is to be transformed, and its `context`; both base64 or a ciphertext of Vault. */
export type Item = Readonly<Record<string, string>>;

type Body = Readonly<Record<string, unknown>>;

/** The endpoints of the Transit engine, for the one key that the settings name. */
export class TransitEngine {
  readonly #settings: VaultSettings;
  readonly #http: VaultHttp;
  readonly #session: VaultSession;
  readonly #availability: Availability;
  readonly #mount: readonly string[];
  #checked = false;

  constructor(settings: VaultSettings, http: VaultHttp, session: VaultSession, availability: Availability) {
    this.#settings = settings;
    this.#http = http;
    this.#session = session;
    this.#availability = availability;
    this.#mount = settings.mount.split('/');
  }

  /** @throws ProviderFault when the key is none that binds a wrapped key to its context */
  async key(signal: AbortSignal): Promise<TransitKey> {
    const key = await this.#availability.ask(signal, async (one) =>
      readTransitKey(await this.#send(one, 'GET', this.#ofKey())),
    );
    // Without derivation Vault ignores the context, and a key moved to another subject would unwrap.
    if (!key.derived)
      throw new ProviderFault('the Transit key must be created with derived=true', { transient: false });
    this.#checked = true;
    return key;
  }

  /** @returns one answer per item, in order */
  async batch(
    operation: 'encrypt' | 'decrypt',
    items: readonly Item[],
    signal: AbortSignal,
  ): Promise<readonly ItemAnswer[]> {
    if (!this.#checked) await this.key(signal);
    return this.#availability.ask(signal, (one) => this.#batch(operation, items, one));
  }

  /**
   * @returns one answer per item, in order; undefined when Vault gives up the whole batch, as it does when one of
   * them is damaged
   */
  async rewrap(items: readonly Item[], signal: AbortSignal): Promise<readonly ItemAnswer[] | undefined> {
    if (!this.#checked) await this.key(signal);
    return this.#availability.ask(signal, async (one) => {
      try {
        return await this.#batch('rewrap', items, one);
      } catch (error) {
        if (error instanceof VaultFault && (error.status === 500 || error.status === 400)) return undefined;
        throw error;
      }
    });
  }

  /** Not repeated: it would rotate twice. */
  async rotate(signal: AbortSignal): Promise<void> {
    await this.#availability.askOnce(signal, (one) => this.#send(one, 'POST', this.#ofKey('rotate'), {}));
  }

  async change(endpoint: 'config' | 'trim', signal: AbortSignal, body: Body): Promise<void> {
    await this.#availability.ask(signal, (one) => this.#send(one, 'POST', this.#ofKey(endpoint), body));
  }

  async close(): Promise<void> {
    this.#session.close();
    await this.#http.close();
  }

  async #batch(
    operation: 'encrypt' | 'decrypt' | 'rewrap',
    items: readonly Item[],
    signal: AbortSignal,
  ): Promise<readonly ItemAnswer[]> {
    const path = [...this.#mount, operation, this.#settings.key];
    const answer = await this.#send(signal, 'POST', path, { batch_input: items });
    return readBatch(answer, operation === 'decrypt' ? 'plaintext' : 'ciphertext', items.length);
  }

  #send(signal: AbortSignal, method: 'GET' | 'POST', path: readonly string[], body?: Body): Promise<unknown> {
    return this.#session.send((token) =>
      this.#http.send({ method, path, token, ...(body === undefined ? {} : { body }) }, signal),
    );
  }

  #ofKey(...rest: string[]): string[] {
    return [...this.#mount, 'keys', this.#settings.key, ...rest];
  }
}
