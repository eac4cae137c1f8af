/** What a file `bench/NAME.ts` exports as `benchmark`. NAME is what `npm run bench -- NAME` runs. */
export interface Benchmark {
  /** One line: what is measured against what. */
  readonly measures: string;
  /**
   * Measures, and leaves nothing behind: when `signal` aborts it stops what it started, removes what it wrote and
   * rejects.
   */
  run(options: RunOptions): Promise<readonly Measurement[]>;
}

export interface RunOptions {
  /** Fewer rounds: all of it has to end within 60 seconds. */
  readonly quick: boolean;
  /** Aborts when the run is to end early. */
  readonly signal: AbortSignal;
  /** Says what is going on, on standard error; as often as one likes. */
  readonly progress: (text: string) => void;
}

/** One number beside the baseline of the same run. Both are in `unit`, and above 0. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  /** Such as `ms`, `1/s` or `bytes`. */
  readonly unit: string;
  readonly baseline: number;
  readonly goal: Goal;
}

/** A limit, itself allowed, for the ratio (value divided by baseline, no unit) or for the value (in its unit). */
export interface Goal {
  readonly of: 'ratio' | 'value';
  readonly bound: 'at most' | 'at least';
  readonly limit: number;
}

/** A measurement that has been judged. */
export interface Check extends Measurement {
  readonly ratio: number;
  /** Whether the goal is met. */
  readonly holds: boolean;
}

/** What `bench/results/NAME.json` holds. */
export interface BenchmarkRecord {
  readonly name: string;
  /** When the run ended, as RFC 3339 in UTC. */
  readonly at: string;
  /** Version of Node, such as `v24.1.0`. */
  readonly node: string;
  readonly checks: readonly Check[];
}
