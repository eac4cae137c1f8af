import { canonicalBytes } from './canonical.js';
import type { Introduction } from './entry.js';
import { DIGEST, flag, INTRODUCTION, members, MOMENT, NUMBER, readJson } from './shape.js';

/**
 * How far a writer knows its entries to be durable. Kept outside the database, so that entries which were removed
 * before they were sequenced are missed, the last ones included.
 */
export interface Heartbeat {
  readonly introduction: Introduction;
  /** Number of the last entry that was acknowledged. */
  readonly n: number;
  /** SHA-256 of its bytes, in base64url. */
  readonly last: string;
  readonly at: string;
  /** Whether the stream has ended: nothing comes after `n`. */
  readonly closed: boolean;
}

const HEARTBEAT = members({ introduction: INTRODUCTION, n: NUMBER, last: DIGEST, at: MOMENT, closed: flag });

const isHeartbeat = (value: unknown): value is Heartbeat => HEARTBEAT(value);

export interface SignedHeartbeat {
  readonly heartbeat: Heartbeat;
  /** What is signed. */
  readonly bytes: Buffer;
  readonly signature: Buffer;
}

/** Two lines: the heartbeat as RFC 8785 JSON, and its writer's signature over it in base64. */
export function formatHeartbeat(heartbeat: Heartbeat, sign: (bytes: Buffer) => Buffer): string {
  const bytes = canonicalBytes(heartbeat);
  return `${bytes.toString('utf8')}\n${sign(bytes).toString('base64')}\n`;
}

/** @returns `undefined` for a text that no writer has written as a whole */
export function parseHeartbeat(text: string): SignedHeartbeat | undefined {
  const [line = '', signature = '', ...rest] = text.split('\n');
  if (rest.join('') !== '') return undefined;
  const bytes = Buffer.from(line, 'utf8');
  const heartbeat = readJson(bytes, isHeartbeat);
  return heartbeat === undefined
    ? undefined
    : { heartbeat, bytes, signature: Buffer.from(signature, 'base64') };
}
