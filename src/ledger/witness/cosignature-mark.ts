import type { OriginHasher } from '../entry/origin-hasher.js';

/** What a witness has signed, and its number among those of the same sink, from 1 on. */
export interface NumberedCosignature {
  readonly sink: string;
  readonly n: number;
  readonly epoch: number;
  readonly size: number;
  readonly line: string;
}

/** The mark by which a kept cosignature is known for one of ours, and for the one with its number. */
export function cosignatureMark(
  hasher: OriginHasher,
  { sink, n, epoch, size, line }: NumberedCosignature,
): Promise<string> {
  return hasher.hash(`cosignature:${sink}:${n}:${epoch}:${size}:${line}`);
}
