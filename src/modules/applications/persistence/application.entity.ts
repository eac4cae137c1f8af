import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AgencyId, ApplicationId, CandidateId, VacancyId } from '../../../kernel/ids.js';
import type { Sealed } from '../../../sealing/index.js';
import type { AgencyMode } from '../../agencies/index.js';
import type { ApplicationStatus } from '../application.machine.js';
import type { Answer } from '../answer.js';
import type { Snapshot } from './places.js';

@Entity({ schema: 'applications', name: 'application' })
export class ApplicationEntity {
  @PrimaryColumn('uuid')
  id: ApplicationId;

  @Column('uuid', { name: 'candidate_id' })
  candidateId: CandidateId;

  @Column('uuid', { name: 'vacancy_id' })
  vacancyId: VacancyId;

  @Column('uuid', { name: 'agency_id' })
  agencyId: AgencyId;

  /** The agency's: in a sandbox the candidate is synthetic. */
  @Column('text')
  mode: AgencyMode;

  @Column('text')
  status: ApplicationStatus;

  /** Which of its candidate's applications for the vacancy it is, from 1. */
  @Column('smallint')
  attempt: number;

  @Column('boolean', { name: 'anonymous_review' })
  anonymousReview: boolean;

  @Column('bytea', { nullable: true })
  motivation: Sealed<string> | null;

  @Column('bytea', { nullable: true })
  answers: Sealed<readonly Answer[]> | null;

  @Column('bytea', { nullable: true })
  snapshot: Sealed<Snapshot> | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'submitted_at', nullable: true })
  submittedAt: Date | null;

  /** Until when the offer can be answered, once there is one. */
  @Column('timestamptz', { name: 'answer_by', nullable: true })
  answerBy: Date | null;

  @Column('timestamptz', { name: 'reminded_at', nullable: true })
  remindedAt: Date | null;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;

  @Column('integer')
  revision: number;

  /** When its candidate was erased: nothing of what they had written is left. */
  @Column('timestamptz', { name: 'erased_at', nullable: true })
  erasedAt: Date | null;

  /** As a security record's, unlike `revision`, which rises with every change. */
  @Column('integer', { name: 'record_revision' })
  recordRevision: number;

  @Column('bytea')
  mac: Buffer;
}
