import type { DrilledSystem } from '../system/drilled-system.ts';
import type { Loot } from '../population/loot.ts';

/** The rows of the threat model. */
export type RowId = 'A0' | 'A1' | 'A2' | 'A3' | 'A4' | 'A5' | 'A6' | 'A7' | 'A8' | 'A9' | 'A10';

/** One thing that the attacker has really done, and what came of it. */
export interface Attempt {
  /** Concretely, in one sentence. */
  readonly tried: string;
  /** What was found in all that the attacker got, by looking for it. */
  readonly obtained: Loot;
  /** What contradicts the promise, a sentence each: nothing, and the promise holds. */
  readonly breaches: readonly string[];
}

/** How exactly `incident impact` has named those affected, and their fields. */
export interface Naming {
  /** Of the people and fields that it names, the part that was really obtained. */
  readonly precision: number;
  /** Of the people and fields that were obtained, the part that it names. */
  readonly recall: number;
  /** How else the naming was looked at, a sentence each. */
  readonly tried: readonly string[];
  /** What contradicts it besides, a sentence each. */
  readonly breaches: readonly string[];
}

export interface Played {
  readonly attempts: readonly Attempt[];
  /** Milliseconds from the attacker's first act until somebody held it in their hands; `null`: nobody was told. */
  readonly noticedAfterMs: number | null;
  /** `null` where nobody is affected, or nothing is in the ledger by which to ask. */
  readonly naming: Naming | null;
}

/**
 * One row of the threat model, played against a running system. A new one is a file beside this, listed in `index.ts`.
 * Rows are played one after the other on the same system: whoever suspends a client, erases somebody or breaks
 * something takes an agency, a candidate or a process that no other row needs, or puts it back.
 */
export interface DrillRow {
  readonly id: RowId;
  /** What the attacker holds. */
  readonly attacker: string;
  /** What they may learn or do, as the threat model says it, in short. */
  readonly promise: string;
  /** Within which time somebody has to be told, in milliseconds; `null`: nothing can be noticed. */
  readonly noticedWithinMs: number | null;
  /** Who is told, and how; `null` where nothing can be noticed. */
  readonly noticedBy: string | null;
  play(system: DrilledSystem): Promise<Played>;
}
