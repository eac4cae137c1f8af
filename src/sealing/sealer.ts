import { Injectable } from '@nestjs/common';
import { Failure } from '../kernel/errors.js';
import { Randomness } from '../kernel/randomness.js';
import { SALT_BYTES } from './documents/cobblestone.js';
import { type DocumentKey, keyObjectOf, newDocumentKey } from './documents/document-key.js';
import { sealDocument } from './documents/sealed-document.js';
import type { Position } from './format/binding.js';
import { decodeValue, encodeValue } from './format/canonical.js';
import { NONCE_BYTES } from './format/cipher.js';
import { keyVersionOf, openField, sealField } from './format/sealed-field.js';
import { SubjectKeys } from './keys/subject-keys.js';
import type { OperationalPlace, Place } from './places.js';
import { asSealed, type Sealed } from './sealed.js';

/** Seals any field, and opens what the machinery itself needs. Personal fields open elsewhere: see `opening.ts`. */
@Injectable()
export class Sealer {
  readonly #keys: SubjectKeys;
  readonly #randomness: Randomness;

  constructor(keys: SubjectKeys, randomness: Randomness) {
    this.#keys = keys;
    this.#randomness = randomness;
  }

  /**
   * Seals a JSON value for one place, row and subject, under the subject's newest key.
   * @throws Failure `sealed_value_unreadable` when the subject has no key, `keys_unavailable`
   */
  async seal<T>(place: Place<T>, position: Position, value: T): Promise<Sealed<T>> {
    const key = await this.#keys.current(position.subject);
    const nonce = this.#randomness.bytes(NONCE_BYTES);
    return asSealed<T>(sealField(key, nonce, place.name, position, encodeValue(value)));
  }

  /** A key for one document, whose row keeps it sealed. */
  newDocumentKey(): DocumentKey {
    return newDocumentKey(this.#randomness);
  }

  /** Seals a document as it streams by, in constant memory. @param key never used for another one */
  sealDocument(
    key: DocumentKey,
    position: Position,
    source: AsyncIterable<Uint8Array>,
  ): AsyncGenerator<Buffer, void, undefined> {
    return sealDocument(keyObjectOf(key), this.#randomness.bytes(SALT_BYTES), position, source);
  }

  /**
   * Opens a value that is never shown to anyone: a hash to compare with, a secret, a mail to send.
   * @throws Failure `sealed_value_unreadable`, whatever the cause
   */
  async openOperational<T>(place: OperationalPlace<T>, position: Position, sealed: Sealed<T>): Promise<T> {
    const version = keyVersionOf(sealed);
    if (version === undefined)
      throw new Failure('sealed_value_unreadable', { privateDetail: `${place.name} is not sealed` });
    const [key] = await this.#keys.find([{ subject: position.subject, version }]);
    if (key === undefined)
      throw new Failure('sealed_value_unreadable', { privateDetail: `${place.name}: no key` });
    try {
      return decodeValue<T>(openField(key.key, place.name, position, sealed));
    } catch (cause) {
      throw new Failure('sealed_value_unreadable', { privateDetail: place.name, cause });
    }
  }
}
