import type { EntityManager } from 'typeorm';
import type { AgencyId } from '../../kernel/ids.js';
import type { Agencies } from '../agencies/index.js';
import type { VacancyEntity } from './persistence/vacancy.entity.js';
import type { Vacancy } from './vacancy.js';

/** With the names of their agencies, as far as those are as we have made them; else with an empty one. */
export async function withAgencyNames(
  agencies: Agencies,
  manager: EntityManager,
  vacancies: readonly VacancyEntity[],
): Promise<readonly Vacancy[]> {
  const names = await agencies.provenNames(
    manager,
    vacancies.map((vacancy): AgencyId => vacancy.agencyId),
  );
  return vacancies.map((vacancy) => ({ ...vacancy, agencyName: names.get(vacancy.agencyId) ?? '' }));
}
