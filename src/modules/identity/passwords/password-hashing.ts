import { Injectable } from '@nestjs/common';
import argon2, { type HashOptions } from 'argon2';
import { Randomness } from '../../../kernel/randomness.js';
import { Settings } from '../../../platform/config/settings.js';
import { normalisePassword } from './password-rules.js';

/** argon2id (RFC 9106) with the parameters of the settings; off the event loop. */
@Injectable()
export class PasswordHashing {
  readonly #options: HashOptions & { readonly raw: false };
  readonly #decoy: Promise<string>;

  constructor(settings: Settings, randomness: Randomness) {
    const { memoryKiB, iterations, parallelism } = settings.passwords;
    this.#options = {
      type: argon2.argon2id,
      memoryCost: memoryKiB,
      timeCost: iterations,
      parallelism,
      raw: false,
    };
    this.#decoy = argon2.hash(randomness.bytes(32), this.#options);
  }

  hash(password: string): Promise<string> {
    return argon2.hash(normalisePassword(password), this.#options);
  }

  /** Without a hash the same work is done against one that nothing matches. */
  async matches(hash: string | undefined, password: string): Promise<boolean> {
    const right = await argon2.verify(hash ?? (await this.#decoy), normalisePassword(password));
    return right && hash !== undefined;
  }
}
