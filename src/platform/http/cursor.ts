import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Failure } from '../../kernel/errors.js';
import { HttpKeys } from './http-keys.js';

const TAG_BYTES = 16;

/**
 * Opaque cursors: base64url of a JSON array of strings, a dot, and a truncated HMAC-SHA-256 over kind and array.
 * A cursor of one list is refused by every other.
 */
@Injectable()
export class CursorCodec implements OnModuleInit {
  readonly #keys: HttpKeys;
  #key: KeyObject | undefined;

  constructor(keys: HttpKeys) {
    this.#keys = keys;
  }

  async onModuleInit(): Promise<void> {
    this.#key = await this.#keys.cursor();
  }

  /** @param kind the list and, where it matters, its filters: a cursor opens only the same one */
  encode(kind: string, parts: readonly string[]): string {
    const payload = Buffer.from(JSON.stringify(parts));
    return `${payload.toString('base64url')}.${this.#tag(kind, payload).toString('base64url')}`;
  }

  /** Where the next page begins, if there is one. */
  next(kind: string, parts: readonly string[] | undefined): string | null {
    return parts === undefined ? null : this.encode(kind, parts);
  }

  /** @throws Failure `invalid_cursor` for anything that `encode` did not make for this kind */
  decode(kind: string, cursor: string): readonly string[] {
    const [body, tag, ...rest] = cursor.split('.');
    if (body === undefined || tag === undefined || rest.length > 0) throw new Failure('invalid_cursor');
    const payload = Buffer.from(body, 'base64url');
    const given = Buffer.from(tag, 'base64url');
    if (given.length !== TAG_BYTES || !timingSafeEqual(given, this.#tag(kind, payload))) {
      throw new Failure('invalid_cursor');
    }
    const parts: unknown = JSON.parse(payload.toString());
    if (!Array.isArray(parts)) throw new Failure('invalid_cursor');
    return parts.map(String);
  }

  #tag(kind: string, payload: Buffer): Buffer {
    if (!this.#key) throw new Error('The cursor key is loaded when the module starts.');
    return createHmac('sha256', this.#key)
      .update(JSON.stringify(kind))
      .update(payload)
      .digest()
      .subarray(0, TAG_BYTES);
  }
}
