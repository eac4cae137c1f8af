import { Injectable } from '@nestjs/common';
import { systemCode } from '../../kernel/errors.js';
import { type CandidateId, parseId } from '../../kernel/ids.js';
import { LedgerConnection } from '../append/ledger-connection.js';
import { type MarkedTie, TieMarks } from '../append/tie-marks.js';

/** SQLSTATE insufficient_privilege. */
const NOT_ALLOWED = '42501';

/** What says for whom a pseudonym of the ledger stands: one row a candidate, which can be removed. */
@Injectable()
export class SubjectTies {
  readonly #connection: LedgerConnection;
  readonly #marks: TieMarks;

  constructor(connection: LedgerConnection, marks: TieMarks) {
    this.#connection = connection;
    this.#marks = marks;
  }

  /** @param reference the pseudonym as auditors see it. @returns `undefined` for one that is nobody's (any more) */
  async candidateOf(reference: string): Promise<CandidateId | undefined> {
    return (await this.candidatesOf([reference])).get(reference);
  }

  /**
   * The same of many at once.
   * @returns candidates by reference; a reference that is nobody's is left out
   * @throws Failure `ledger_unavailable` when one of them was altered
   */
  async candidatesOf(references: readonly string[]): Promise<ReadonlyMap<string, CandidateId>> {
    const ties = await this.#connection.query<MarkedTie>(
      'SELECT candidate_id::text AS candidate, reference::text AS reference, mark FROM audit.candidates_of($1::uuid[])',
      [references],
    );
    await this.#marks.requireOurs(ties);
    return new Map(
      ties.flatMap(({ reference, candidate }) => {
        const id = parseId<CandidateId>(candidate);
        return id === undefined ? [] : [[reference, id] as const];
      }),
    );
  }

  /**
   * From then on nothing ties the ledger's entries to this candidate. May be repeated.
   * @returns false as long as the signed tree does not say that the candidate was erased: it is to be tried again
   */
  async cut(candidate: CandidateId): Promise<boolean> {
    try {
      await this.#connection.query('SELECT audit.cut_tie($1::uuid)', [candidate]);
      return true;
    } catch (error) {
      if (systemCode(error) === NOT_ALLOWED) return false;
      throw error;
    }
  }
}
