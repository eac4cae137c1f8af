import { Injectable } from '@nestjs/common';
import type { RequestContext, SystemActor } from '../kernel/context.js';
import type { ApplicationId, CandidateId } from '../kernel/ids.js';
import { Ledger } from '../ledger/index.js';
import { Opener } from '../sealing/opening.js';
import type { SealedField } from './dossier.js';
import { openDossiers } from './open-dossiers.js';
import { touched } from './touched.js';

/** One candidate's sealed answers, to be counted and shown to nobody. */
export interface Countable<T> {
  readonly candidate: CandidateId;
  readonly application: ApplicationId;
  readonly field: SealedField<T>;
}

/** As many as one entry names at once. */
const TOGETHER = 100;

/** The part of the door through which numbers leave and nothing else. */
@Injectable()
export class Counting {
  readonly #ledger: Ledger;
  readonly #opener: Opener;

  constructor(ledger: Ledger, opener: Opener) {
    this.#ledger = ledger;
    this.#opener = opener;
  }

  /**
   * Opens what each has answered, after the ledger has it, and gives back how often each answer was given. What does
   * not open counts as not answered.
   * @param resource what they are counted for, of the type that belongs to `diversity.counted`
   * @throws Failure `ledger_unavailable`, `keys_unavailable`
   */
  async count<T>(
    context: RequestContext<SystemActor>,
    resource: string,
    countables: readonly Countable<T>[],
    answersIn: (value: T) => readonly string[],
  ): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (let from = 0; from < countables.length; from += TOGETHER) {
      const part = countables.slice(from, from + TOGETHER);
      const receipt = await this.#ledger.append(
        {
          action: 'diversity.counted',
          context,
          resource,
          subjects: part.map((one) => touched(one, [one.field.name])),
        },
        'staged',
      );
      const dossiers = part.map(({ candidate, application, field }) => ({
        candidate,
        application,
        fields: [field],
      }));
      const opened = await openDossiers(receipt, this.#opener, dossiers);
      part.forEach(({ field }, at) => {
        const value = opened[at]?.value(field) ?? null;
        for (const answer of value === null ? [] : answersIn(value)) {
          counts.set(answer, (counts.get(answer) ?? 0) + 1);
        }
      });
    }
    return counts;
  }
}
