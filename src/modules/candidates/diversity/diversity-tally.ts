import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Counting } from '../../../disclosure/index.js';
import type { RequestContext, SystemActor } from '../../../kernel/context.js';
import type { ApplicationId, CandidateId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { DiversityEntity } from '../persistence/diversity.entity.js';
import { diversityField } from './own-diversity.js';

/** Whoever applied, once each. */
export type Applicants = ReadonlyMap<CandidateId, ApplicationId>;

/** Counts what those have answered who applied together. Who answered what stays behind the door. */
@Injectable()
export class DiversityTally {
  readonly #database: Database;
  readonly #counting: Counting;

  constructor(database: Database, counting: Counting) {
    this.#database = database;
    this.#counting = counting;
  }

  /**
   * @param vacancy what they applied for
   * @returns how many gave each answer, by `question.answer`
   * @throws Failure `ledger_unavailable`, `keys_unavailable`
   */
  async count(
    context: RequestContext<SystemActor>,
    vacancy: string,
    applicants: Applicants,
  ): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#database.run({ kind: 'system' }, (manager) =>
      manager.getRepository(DiversityEntity).findBy({ candidateId: In([...applicants.keys()]) }),
    );
    const dossiers = rows.flatMap((row) => {
      const application = applicants.get(row.candidateId);
      return application === undefined
        ? []
        : [{ candidate: row.candidateId, application, field: diversityField(row) }];
    });
    return this.#counting.count(context, vacancy, dossiers, (answers) =>
      Object.entries(answers).map(([question, answer]) => `${question}.${answer}`),
    );
  }
}
