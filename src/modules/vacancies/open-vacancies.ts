import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import type { RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import type { VacancyId } from '../../kernel/ids.js';
import { type AgencyMode, AgencyModes } from '../agencies/index.js';
import type { Vacancy } from './vacancy.js';
import { VacancyLookup } from './vacancy-lookup.js';

/** Vacancies that an application can be made for. */
@Injectable()
export class OpenVacancies {
  readonly #lookup: VacancyLookup;
  readonly #modes: AgencyModes;
  readonly #clock: Clock;

  constructor(lookup: VacancyLookup, modes: AgencyModes, clock: Clock) {
    this.#lookup = lookup;
    this.#modes = modes;
    this.#clock = clock;
  }

  /**
   * @param mode real candidates apply to live agencies, synthetic ones to sandboxes; whatever the vacancy's row says of
   *   it, the agency's mode is proven
   * @throws Failure `not_found` for the other mode, `vacancy_not_open`, `deadline_passed`
   */
  async find(
    context: RequestContext,
    manager: EntityManager,
    id: VacancyId,
    mode: AgencyMode,
  ): Promise<Vacancy> {
    const vacancy = await this.#lookup.find(manager, id);
    await this.#require(context, manager, vacancy, mode, this.#clock.now());
    return vacancy;
  }

  /**
   * For a submission: until the transaction ends the vacancy is neither closed nor archived nor changed.
   * @returns with the moment at which it was open, the one that counts
   * @throws Failure as `find`
   */
  async hold(
    context: RequestContext,
    manager: EntityManager,
    id: VacancyId,
    mode: AgencyMode,
  ): Promise<{ readonly vacancy: Vacancy; readonly at: Date }> {
    const vacancy = await this.#lookup.hold(manager, id);
    // Only now: the hold may have been waited for.
    const at = this.#clock.now();
    await this.#require(context, manager, vacancy, mode, at);
    return { vacancy, at };
  }

  async #require(
    context: RequestContext,
    manager: EntityManager,
    vacancy: Vacancy,
    mode: AgencyMode,
    at: Date,
  ): Promise<void> {
    if (vacancy.mode !== mode) throw new Failure('not_found');
    await this.#modes.require(context, manager, vacancy.agencyId, mode);
    // The same before and after it was closed for that.
    if (vacancy.deadline <= at) throw new Failure('deadline_passed');
    if (vacancy.status !== 'published') throw new Failure('vacancy_not_open');
  }
}
