import { Injectable } from '@nestjs/common';
import type { CandidateId } from '../../kernel/ids.js';
import { LedgerConnection } from './ledger-connection.js';
import { findReferences } from './staging-statements.js';

type References = ReadonlyMap<string, string>;

/**
 * The random references under which the ledger knows candidates. Whatever is asked for while a question is under way
 * goes into the next one: a hundred requests at once do not ask a hundred times.
 *
 * They come over the ledger's own connection, whoever asks: one that was made in a business transaction would make
 * every other process wait for its end.
 */
@Injectable()
export class SubjectReferences {
  readonly #connection: LedgerConnection;
  #current: Promise<References> = Promise.resolve(new Map());
  #next: { readonly candidates: Set<CandidateId>; readonly answer: Promise<References> } | undefined;

  constructor(connection: LedgerConnection) {
    this.#connection = connection;
  }

  /** @returns a reference for each of these candidates, and possibly for others */
  of(candidates: readonly CandidateId[]): Promise<References> {
    if (this.#next === undefined) {
      const asked = new Set<CandidateId>();
      const answer = this.#current
        .catch(() => undefined)
        .then(() => {
          this.#next = undefined;
          return findReferences(this.#connection.query, [...asked]);
        });
      this.#current = answer;
      this.#next = { candidates: asked, answer };
    }
    for (const candidate of candidates) this.#next.candidates.add(candidate);
    return this.#next.answer;
  }
}
