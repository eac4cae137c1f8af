import { a0 } from './a0.ts';
import { a1 } from './a1.ts';
import { a3 } from './a3.ts';
import { a4 } from './a4.ts';
import type { DrillRow } from './row.ts';

/** In the order of the threat model, in which they are played. */
export const ROWS: readonly DrillRow[] = [a0, a1, a3, a4];
