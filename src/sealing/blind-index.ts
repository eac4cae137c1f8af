import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { IndexKeys } from './keys/index-keys.js';

/** The form of an address that the index is made of: NFC, trimmed, lower case. Part of the index's definition. */
export function normaliseEmail(address: string): string {
  return address.normalize('NFC').trim().toLowerCase();
}

/** Finds a sealed value by equality without opening any: HMAC-SHA-256 under a key that is not in the database. */
@Injectable()
export class BlindIndex {
  readonly #keys: IndexKeys;

  constructor(keys: IndexKeys) {
    this.#keys = keys;
  }

  /** @returns 32 bytes, the same for every spelling of an address */
  async email(address: string): Promise<Buffer> {
    return createHmac('sha256', await this.#keys.key('email'))
      .update(normaliseEmail(address))
      .digest();
  }
}
