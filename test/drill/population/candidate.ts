import type { INestApplicationContext } from '@nestjs/common';
import type { AgencyId, ApplicationId, CandidateId, VacancyId } from '../../../src/kernel/ids.js';
import type { ApplicationStatus } from '../../../src/modules/applications/index.js';
import type { TestDatabase } from '../../support/database.js';

/** A seeded candidate: who it is, and the one application that they have submitted. */
export interface Candidate {
  /** Whose `personOf` it is. */
  readonly person: number;
  readonly id: CandidateId;
  readonly application: ApplicationId;
  readonly agency: AgencyId;
  readonly vacancy: VacancyId;
  readonly status: ApplicationStatus;
  /** Nobody is this candidate, and nobody can sign in as them. */
  readonly isCanary: boolean;
}

/** Where candidates are put: the product's rooms, and its database as its owner. */
export interface Ground {
  readonly app: Pick<INestApplicationContext, 'get'>;
  readonly database: TestDatabase;
}
