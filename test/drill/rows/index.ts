import { a3 } from './a3.ts';
import type { DrillRow } from './row.ts';

/** In the order of the threat model, in which they are played. */
export const ROWS: readonly DrillRow[] = [a3];
