import { a0 } from './a0.ts';
import { a1 } from './a1.ts';
import { a10 } from './a10.ts';
import { a2 } from './a2/a2.ts';
import { a3 } from './a3.ts';
import { a4 } from './a4.ts';
import { a5 } from './a5.ts';
import { a6 } from './a6.ts';
import { a7 } from './a7.ts';
import { a8 } from './a8.ts';
import { a9 } from './a9.ts';
import type { DrillRow } from './row.ts';

/** In the order of the threat model, in which they are played. */
export const ROWS: readonly DrillRow[] = [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10];
