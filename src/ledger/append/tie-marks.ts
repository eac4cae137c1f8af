import { Injectable } from '@nestjs/common';
import { Failure } from '../../kernel/errors.js';
import { OriginHasher } from '../entry/origin-hasher.js';

/** For whom a pseudonym of the ledger stands. */
export interface Tie {
  readonly candidate: string;
  readonly reference: string;
}

/** A tie as the database has it. */
export interface MarkedTie extends Tie {
  readonly mark: string;
}

/**
 * The mark by which a tie is known for one of ours. Whoever may merely write to the database can exchange two
 * candidates, and with them what each is shown of the ledger, but cannot make this.
 */
@Injectable()
export class TieMarks {
  readonly #hasher: OriginHasher;
  #tell: (reference: string) => void = () => undefined;

  constructor(hasher: OriginHasher) {
    this.#hasher = hasher;
  }

  of({ candidate, reference }: Tie): Promise<string> {
    return this.#hasher.hash(`tie:${candidate}:${reference}`);
  }

  /** @throws Failure `ledger_unavailable` when one of them is not as it was made: nothing is told of either candidate */
  async requireOurs(ties: readonly MarkedTie[]): Promise<void> {
    const marks = await Promise.all(ties.map((tie) => this.of(tie)));
    const altered = ties.filter(({ mark }, at) => mark !== marks[at]);
    if (altered.length === 0) return;
    for (const { reference } of altered) this.#tell(reference);
    throw new Failure('ledger_unavailable', {
      privateDetail: 'a tie between candidate and pseudonym was altered',
    });
  }

  /** @param tell is called with the pseudonym whenever such a tie is met */
  whenAltered(tell: (reference: string) => void): void {
    this.#tell = tell;
  }
}
