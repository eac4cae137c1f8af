/** What a wrapped key belongs to. It is authenticated: a key moved to another subject does not unwrap. */
export interface WrapContext {
  readonly purpose: 'subject-key' | 'index-key';
  /** The subject's id, or the index's name. */
  readonly owner: string;
  readonly version: number;
}

export interface KeyToWrap {
  /** 32 bytes. The caller wipes them afterwards. */
  readonly key: Buffer;
  readonly context: WrapContext;
}

export interface WrappedKey {
  readonly wrapped: Buffer;
  /** Which version of the master key wraps it. */
  readonly masterVersion: number;
}

export interface KeyToUnwrap extends WrappedKey {
  readonly context: WrapContext;
}

/** One answer per key, in order: one damaged key does not keep the others closed. */
export type Unwrapped =
  { readonly ok: true; readonly key: Buffer } | { readonly ok: false; readonly cause: unknown };

/**
 * Whoever holds the master key. It never leaves; keys go in and out in batches, each with its context.
 * Both calls reject with Failure `keys_unavailable` when the provider cannot be reached.
 */
export abstract class KeyProvider {
  abstract wrapMany(keys: readonly KeyToWrap[]): Promise<readonly WrappedKey[]>;
  abstract unwrapMany(keys: readonly KeyToUnwrap[]): Promise<readonly Unwrapped[]>;
}
