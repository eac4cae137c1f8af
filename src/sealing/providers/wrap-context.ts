import { lengthPrefixed } from '../format/binding.js';
import type { WrapContext } from './key-provider.js';

/** A context as bytes: no two contexts give the same. */
export function contextBytes({ purpose, owner, version }: WrapContext): Buffer {
  return lengthPrefixed(['sceau/wrap/v1', purpose, owner, String(version)]);
}
