import { Injectable } from '@nestjs/common';
import { Canaries } from '../../../disclosure/index.js';
import type { CandidateId } from '../../../kernel/ids.js';
import { type ExposedSubject, SubjectTies } from '../../../ledger/index.js';
import { CandidateDepartures } from '../../identity/index.js';

/** How many are looked up by one statement. */
const TOGETHER = 1_000;

/** Whose data was exposed. */
export interface Affected extends ExposedSubject {
  /** `undefined` once they are erased: there is nobody to be told, and often nothing that says who it was. */
  readonly candidate: CandidateId | undefined;
  /** Nobody: in no figure, and else treated as anybody is, so that nothing that is stored tells it apart. */
  readonly isCanary: boolean;
}

/** Who stands behind the ledger's references, as far as they are still here. */
@Injectable()
export class AffectedCandidates {
  readonly #ties: SubjectTies;
  readonly #departures: CandidateDepartures;
  readonly #canaries: Canaries;

  constructor(ties: SubjectTies, departures: CandidateDepartures, canaries: Canaries) {
    this.#ties = ties;
    this.#departures = departures;
    this.#canaries = canaries;
  }

  /** In the order in which they are given. */
  async of(exposed: readonly ExposedSubject[]): Promise<readonly Affected[]> {
    const affected: Affected[] = [];
    for (let from = 0; from < exposed.length; from += TOGETHER) {
      const part = exposed.slice(from, from + TOGETHER);
      const candidates = await this.#ties.candidatesOf(part.map(({ subject }) => subject));
      const present = await this.#departures.present([...candidates.values()]);
      const canaries = await this.#canaries.of([...present]);
      for (const subject of part) {
        const candidate = candidates.get(subject.subject);
        const isHere = candidate !== undefined && present.has(candidate);
        affected.push({
          ...subject,
          candidate: isHere ? candidate : undefined,
          isCanary: isHere && canaries.has(candidate),
        });
      }
    }
    return affected;
  }
}
