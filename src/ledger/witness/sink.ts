import type { PublishedCheckpoint } from '../read/tree-reader.js';

/** What a sink is to keep. */
export interface Publication {
  readonly checkpoint: PublishedCheckpoint;
  /** Size of the newest checkpoint of this epoch that the sink is known to have; 0: none. */
  readonly known: number;
  /** Consistency proof (RFC 9162 §2.1.4) from another size to the checkpoint's. */
  readonly consistency: (from: number) => Promise<readonly Buffer[]>;
}

/** What a sink has said. */
export interface Acceptance {
  /** Signature line of a witness over the checkpoint, verified. */
  readonly cosignature?: string;
}

/** A place that keeps checkpoints. Giving it the same one twice is harmless. */
export interface Sink {
  readonly name: string;
  /** For how long one that has a checkpoint needs no newer one; left out: it gets each that is published. */
  readonly restMs?: number;
  /**
   * @throws SinkObjects when it was reached and does not accept this checkpoint; anything else that is thrown means
   * that it could not be reached and may be tried again
   */
  publish(publication: Publication): Promise<Acceptance>;
}

/**
 * Why a sink that was reached does not take a checkpoint. `fork`: it has another one of the same size, or a later
 * one; `inconsistent`: the tree does not continue the one it knows; `unknown_log`, `unknown_key`: it was not told of
 * this ledger; `not_cosigned`: its signature is not there or not good; `refused`: anything else.
 */
export type Objection = 'fork' | 'inconsistent' | 'unknown_log' | 'unknown_key' | 'not_cosigned' | 'refused';

/** A sink has looked at the checkpoint and said no. */
export class SinkObjects extends Error {
  override readonly name = 'SinkObjects';
  readonly objection: Objection;

  constructor(objection: Objection) {
    super(`The sink does not take the checkpoint: ${objection}.`);
    this.objection = objection;
  }
}

/** How long any sink may take for one answer. */
export const ANSWER_MS = 10_000;

/** Sorts like the checkpoints themselves. */
export const checkpointName = ({ epoch, size }: PublishedCheckpoint): string =>
  `${String(epoch).padStart(6, '0')}-${String(size).padStart(16, '0')}.note`;
