import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import type { AgencyId, ApplicationId, CandidateId, VacancyId } from '../../kernel/ids.js';
import { Database } from '../../platform/database/database.js';
import type { ApplicationStatus } from './application.machine.js';
import { ApplicationEntity } from './persistence/application.entity.js';

/** An application without anything that was written. */
export interface ApplicationIds {
  readonly application: ApplicationId;
  readonly candidate: CandidateId;
  readonly vacancyId: VacancyId;
  readonly agencyId: AgencyId;
  readonly status: ApplicationStatus;
}

const PAGE = 5_000;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Every application of live agencies, for whoever looks for some among all. */
@Injectable()
export class ApplicationsAtLarge {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** In pages, by id. */
  async *pages(): AsyncGenerator<readonly ApplicationIds[], void, undefined> {
    let last: string | undefined = BEFORE_ALL;
    while (last !== undefined) {
      const page = await this.#after(last);
      yield page;
      last = page.length < PAGE ? undefined : page.at(-1)?.application;
    }
  }

  /** Those of a few candidates. */
  of(candidates: readonly CandidateId[]): Promise<readonly ApplicationIds[]> {
    return this.#find((live) => live.andWhere('a.candidate_id = ANY (:candidates)', { candidates }));
  }

  #after(id: string): Promise<readonly ApplicationIds[]> {
    return this.#find((live) => live.andWhere('a.id > :id', { id }).take(PAGE));
  }

  async #find(
    narrow: (live: SelectQueryBuilder<ApplicationEntity>) => SelectQueryBuilder<ApplicationEntity>,
  ): Promise<readonly ApplicationIds[]> {
    const rows = await this.#database.run({ kind: 'system' }, (manager) =>
      narrow(
        manager
          .getRepository(ApplicationEntity)
          .createQueryBuilder('a')
          .select(['a.id', 'a.candidateId', 'a.vacancyId', 'a.agencyId', 'a.status'])
          .where(`a.mode = 'live'`)
          .orderBy('a.id'),
      ).getMany(),
    );
    return rows.map(({ id: application, candidateId: candidate, vacancyId, agencyId, status }) => {
      return { application, candidate, vacancyId, agencyId, status };
    });
  }
}
