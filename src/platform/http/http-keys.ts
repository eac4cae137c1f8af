import type { KeyObject } from 'node:crypto';

/** The keys that HTTP needs. This room knows no key store; the composition root says where they come from. */
export abstract class HttpKeys {
  /** Authenticates cursors. */
  abstract cursor(): Promise<KeyObject>;
  /** Turns addresses into pseudonyms. */
  abstract origin(): Promise<KeyObject>;
  /** Digests requests that must be known again but not found out. */
  abstract idempotency(): Promise<KeyObject>;
}
