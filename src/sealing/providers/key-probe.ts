import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Failure } from '../../kernel/errors.js';
import { Randomness } from '../../kernel/randomness.js';
import { KeyProvider, type KeyToUnwrap } from './key-provider.js';

const CONTEXT = { purpose: 'probe', owner: 'readiness', version: 1 } as const;

/** Anybody may ask whether a process is ready: the provider is asked this often at most. */
const GOOD_FOR_MS = 1_000;

/** Whether keys can be had: a key that seals nothing is wrapped once and unwrapped to see. */
@Injectable()
export class KeyProbe {
  readonly #provider: KeyProvider;
  readonly #clock: Clock;
  readonly #key: Buffer;
  #good = Number.NEGATIVE_INFINITY;
  #wrapped: KeyToUnwrap | undefined;
  #asking: Promise<void> | undefined;

  constructor(provider: KeyProvider, randomness: Randomness, clock: Clock) {
    this.#provider = provider;
    this.#clock = clock;
    this.#key = randomness.bytes(32);
  }

  /**
   * Questions at the same moment are one.
   * @throws Failure `keys_unavailable`
   */
  check(): Promise<void> {
    if (this.#clock.now().getTime() - this.#good < GOOD_FOR_MS) return Promise.resolve();
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<void> {
    const kept = this.#wrapped;
    if (kept === undefined || !(await this.#unwraps(kept))) {
      // None yet, or its version of the master key has been retired since.
      this.#wrapped = await this.#wrap();
      if (!(await this.#unwraps(this.#wrapped)))
        throw new Failure('keys_unavailable', { privateDetail: 'the probe does not unwrap' });
    }
    this.#good = this.#clock.now().getTime();
  }

  async #unwraps(wrapped: KeyToUnwrap): Promise<boolean> {
    const [unwrapped] = await this.#provider.unwrapMany([wrapped]);
    return unwrapped?.ok === true && timingSafeEqual(unwrapped.key, this.#key);
  }

  async #wrap(): Promise<KeyToUnwrap> {
    const [wrapped] = await this.#provider.wrapMany([{ key: this.#key, context: CONTEXT }]);
    if (wrapped === undefined) throw new Failure('keys_unavailable');
    return { ...wrapped, context: CONTEXT };
  }
}
