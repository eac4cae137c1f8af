/** What a wrapped key belongs to. It is authenticated: a key moved to another subject does not unwrap. */
export interface WrapContext {
  /** `probe`: a key that nothing is sealed with, to see whether the provider answers. */
  readonly purpose: 'subject-key' | 'index-key' | 'probe';
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

/** One answer per key, in order: one damaged key does not keep the others under the old version. */
export type Rewrapped =
  { readonly ok: true; readonly wrapped: WrappedKey } | { readonly ok: false; readonly cause: unknown };

/** Versions of the master key that can still unwrap, and the one that wraps now. */
export interface MasterVersions {
  readonly current: number;
  /** In ascending order. */
  readonly usable: readonly number[];
}

export type KeyProviderName = 'local' | 'vault' | 'aws-kms';

/**
 * Whoever holds the master key. It never leaves; keys go in and out in batches, each with its context.
 * Every call rejects with Failure `keys_unavailable` when the provider cannot be reached, within its deadline.
 */
export abstract class KeyProvider {
  abstract readonly name: KeyProviderName;

  /** Wraps under the current version. */
  abstract wrapMany(keys: readonly KeyToWrap[]): Promise<readonly WrappedKey[]>;

  abstract unwrapMany(keys: readonly KeyToUnwrap[]): Promise<readonly Unwrapped[]>;

  /** Wraps again under the current version without the key leaving the provider where the provider can. */
  abstract rewrapMany(keys: readonly KeyToUnwrap[]): Promise<readonly Rewrapped[]>;

  abstract versions(): Promise<MasterVersions>;

  /** Makes a new version current. @returns its number */
  abstract rotate(): Promise<number>;

  /**
   * Destroys a version for good: what it alone wraps never opens again. Repeating it changes nothing.
   * @throws Failure `conflict` when the version is current, or the provider cannot destroy it before an older one
   */
  abstract retire(version: number): Promise<void>;
}
