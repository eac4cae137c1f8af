import type { Introduction } from './entry.js';
import type { OriginHasher } from './origin-hasher.js';

/**
 * The mark by which a writer's key is known for one of ours. Whoever may merely write to the database can stage an
 * introduction, but not this.
 */
export function writerMark(hasher: OriginHasher, writer: Omit<Introduction, 'mark'>): Promise<string> {
  return hasher.hash(`writer:${writer.writer}:${writer.stream}:${writer.key}`);
}
