import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { newId, type VacancyId } from '../../kernel/ids.js';
import { fractionFrom, Randomness } from '../../kernel/randomness.js';
import { Ledger } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import { INSTALLATION, Sealer } from '../../sealing/index.js';
import { OpenVacancies, type Vacancy } from '../vacancies/index.js';
import { PLANTING } from './persistence/places.js';
import { PlantingEntity } from './persistence/planting.entity.js';
import type { CanaryPerson } from './planting.js';

/** Longest that a canary takes for one of its steps; a sign-up must be through within the hour. */
const LONGEST_PAUSE_MS = 5 * 60_000;

/** What operators order: canaries among a vacancy's applicants, each at a moment that nobody is told. */
@Injectable()
export class CanaryOrders {
  readonly #database: Database;
  readonly #vacancies: OpenVacancies;
  readonly #sealer: Sealer;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #randomness: Randomness;

  constructor(
    database: Database,
    vacancies: OpenVacancies,
    sealer: Sealer,
    ledger: Ledger,
    clock: Clock,
    randomness: Randomness,
  ) {
    this.#database = database;
    this.#vacancies = vacancies;
    this.#sealer = sealer;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#randomness = randomness;
  }

  /**
   * It is recorded how many were ordered, and neither which nor where nor for when.
   * @param within milliseconds over which they sign up; with 0 at once and without pauses
   * @param persons for the vacancy that is found
   * @throws Failure `not_found`, `vacancy_not_open`, `deadline_passed`; `conflict` for a vacancy that asks for documents
   *   or closes before then
   */
  async place(
    context: RequestContext,
    vacancyId: VacancyId,
    within: number,
    persons: (vacancy: Vacancy) => readonly CanaryPerson[],
  ): Promise<void> {
    await this.#database.run({ kind: 'system' }, async (manager) => {
      const vacancy = await this.#vacancies.find(context, manager, vacancyId, 'live');
      const now = this.#clock.now().getTime();
      if (vacancy.requiredDocuments.length > 0)
        throw new Failure('conflict', { detail: 'A canary has no documents, which this vacancy asks for.' });
      if (vacancy.deadline.getTime() < now + within)
        throw new Failure('conflict', { detail: 'The vacancy closes before that: say fewer --minutes.' });
      const all = persons(vacancy);
      for (const person of all) {
        const id = newId<'planting'>(now);
        const due = new Date(now + Math.floor(within * fractionFrom(this.#randomness))).toISOString();
        const longestPause = within === 0 ? 0 : LONGEST_PAUSE_MS;
        const content = await this.#sealer.seal(
          PLANTING,
          { subject: INSTALLATION, row: id },
          { vacancyId, person, due, longestPause },
        );
        await manager.getRepository(PlantingEntity).insert({ id, content, attempt: 0, heldUntil: null });
      }
      await this.#ledger.stage(manager, { action: 'canary.planted', context, count: all.length });
    });
  }
}
