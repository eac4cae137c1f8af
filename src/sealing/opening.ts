import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Failure } from '../kernel/errors.js';
import { type DocumentKey, keyObjectOf } from './documents/document-key.js';
import { openDocument } from './documents/sealed-document.js';
import type { Position } from './format/binding.js';
import { decodeValue } from './format/canonical.js';
import { keyVersionOf, openField } from './format/sealed-field.js';
import { SubjectKeys } from './keys/subject-keys.js';
import type { PersonalPlace } from './places.js';
import type { Sealed } from './sealed.js';

export interface ToOpen<T> {
  readonly place: PersonalPlace<T>;
  readonly position: Position;
  readonly sealed: Sealed<T>;
}

/** A value, or that there is none to be had; why not is for the ledger and not for the caller. */
export type OpenResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };

/** Opens personal fields. Only `disclosure` may import this file, and it does so against a receipt of the ledger. */
@Injectable()
export class Opener {
  readonly #keys: SubjectKeys;

  constructor(keys: SubjectKeys) {
    this.#keys = keys;
  }

  /**
   * Opens a document as it streams by, in constant memory. What has come out is authentic; that it is all of it is known
   * only at the end, so nobody gets it whom a failure in between would not reach.
   * @param key the document's own, as its row keeps it
   * @param source asked for once the key is there
   * @throws Failure `sealed_value_unreadable`, possibly after some of the document; `keys_unavailable`
   */
  async *openDocument(
    key: ToOpen<DocumentKey>,
    source: () => Promise<AsyncIterable<Uint8Array>>,
  ): AsyncGenerator<Buffer, void, undefined> {
    try {
      const opened = await this.#documentKey(key);
      yield* openDocument(opened, key.position, await source());
    } catch (cause) {
      if (cause instanceof Failure) throw cause;
      throw new Failure('sealed_value_unreadable', { privateDetail: key.place.name, cause });
    }
  }

  /**
   * Opens many fields by one query and one call of the key provider.
   * @returns one result per field, in order: a damaged one leaves the others readable
   * @throws Failure `keys_unavailable` when keys cannot be had at all
   */
  async openMany(items: readonly ToOpen<unknown>[]): Promise<readonly OpenResult<unknown>[]> {
    const versions = items.map(({ sealed }) => keyVersionOf(sealed));
    const keys = await this.#keys.find(
      // A version that no subject has: such a value opens for nobody.
      items.map(({ position }, index) => ({ subject: position.subject, version: versions[index] ?? 0 })),
    );
    return items.map(({ place, position, sealed }, index): OpenResult<unknown> => {
      const key = keys[index];
      if (key === undefined) return { ok: false };
      try {
        return { ok: true, value: decodeValue<unknown>(openField(key.key, place.name, position, sealed)) };
      } catch {
        return { ok: false };
      }
    });
  }

  async #documentKey(key: ToOpen<DocumentKey>): Promise<KeyObject> {
    const [opened] = await this.openMany([key]);
    if (opened?.ok !== true) throw new Error('The key of the document does not open.');
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was opened under its own place, whose type says what was sealed there
    return keyObjectOf(opened.value as DocumentKey);
  }
}
