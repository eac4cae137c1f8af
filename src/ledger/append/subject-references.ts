import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { v4 } from 'uuid';
import type { CandidateId } from '../../kernel/ids.js';
import { Randomness } from '../../kernel/randomness.js';
import { LedgerConnection } from './ledger-connection.js';
import { findTies, tie } from './staging-statements.js';
import { type MarkedTie, TieMarks } from './tie-marks.js';

/** Who is read once is likely to be read again at once. */
const REMEMBERED = 10_000;
/** A tie that was deleted is used for no longer than this. */
const REMEMBERED_MS = 60_000;
const REFERENCE_BYTES = 16;

type References = ReadonlyMap<string, string>;

interface Question {
  readonly candidates: Set<CandidateId>;
  readonly answer: Promise<References>;
}

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
  readonly #marks: TieMarks;
  readonly #randomness: Randomness;
  readonly #known = new LRUCache<string, string>({ max: REMEMBERED, ttl: REMEMBERED_MS });
  #current: Promise<References> = Promise.resolve(new Map());
  #next: Question | undefined;

  constructor(connection: LedgerConnection, marks: TieMarks, randomness: Randomness) {
    this.#connection = connection;
    this.#marks = marks;
    this.#randomness = randomness;
  }

  /** @returns a reference for each of these candidates, made where there is none yet */
  async of(candidates: readonly CandidateId[]): Promise<References> {
    const references = new Map<string, string>();
    const unknown = candidates.filter((candidate) => {
      const reference = this.#known.get(candidate);
      if (reference !== undefined) references.set(candidate, reference);
      return reference === undefined;
    });
    if (unknown.length === 0) return references;
    const found = await this.#ask(unknown);
    for (const candidate of unknown) {
      const reference = found.get(candidate);
      if (reference === undefined) throw new Error('Every candidate has a reference once it was asked for.');
      references.set(candidate, reference);
    }
    return references;
  }

  #ask(candidates: readonly CandidateId[]): Promise<References> {
    const question = (this.#next ??= this.#begin());
    for (const candidate of candidates) question.candidates.add(candidate);
    return question.answer;
  }

  #begin(): Question {
    const candidates = new Set<CandidateId>();
    const answer = this.#current
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#find([...candidates]);
      });
    this.#current = answer;
    return { candidates, answer };
  }

  async #find(candidates: readonly CandidateId[]): Promise<References> {
    const { query } = this.#connection;
    const found = await findTies(query, candidates);
    const references = new Map(found.map(({ candidate, reference }) => [candidate, reference]));
    const missing = candidates.filter((candidate) => !references.has(candidate));
    const own = await this.#make(missing);
    const made = missing.length === 0 ? [] : await tie(query, own);
    // What comes back as it was made needs no second look; what another process has kept meanwhile does.
    const marks = new Map(own.map(({ candidate, reference, mark }) => [candidate, `${reference} ${mark}`]));
    const others = made.filter(
      ({ candidate, reference, mark }) => marks.get(candidate) !== `${reference} ${mark}`,
    );
    await this.#marks.requireOurs([...found, ...others]);
    for (const { candidate, reference } of made) references.set(candidate, reference);
    for (const [candidate, reference] of references) this.#known.set(candidate, reference);
    return references;
  }

  #make(candidates: readonly CandidateId[]): Promise<readonly MarkedTie[]> {
    const ties = candidates.map(async (candidate) => {
      const reference = v4({ random: this.#randomness.bytes(REFERENCE_BYTES) });
      return { candidate, reference, mark: await this.#marks.of({ candidate, reference }) };
    });
    return Promise.all(ties);
  }
}
