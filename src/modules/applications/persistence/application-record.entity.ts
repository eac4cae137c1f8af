import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ApplicationEntity } from './application.entity.js';

/** What of an application decides who may read it, and how much. */
export type Decisive = Pick<
  ApplicationEntity,
  'id' | 'candidateId' | 'vacancyId' | 'agencyId' | 'mode' | 'status' | 'anonymousReview' | 'answerBy'
>;

/** The same rows as security records. */
@Entity({ schema: 'applications', name: 'application' })
export class ApplicationRecordEntity implements Decisive {
  @PrimaryColumn('uuid')
  id: Decisive['id'];

  @Column('uuid', { name: 'candidate_id' })
  candidateId: Decisive['candidateId'];

  @Column('uuid', { name: 'vacancy_id' })
  vacancyId: Decisive['vacancyId'];

  @Column('uuid', { name: 'agency_id' })
  agencyId: Decisive['agencyId'];

  @Column('text')
  mode: Decisive['mode'];

  @Column('text')
  status: Decisive['status'];

  @Column('boolean', { name: 'anonymous_review' })
  anonymousReview: boolean;

  @Column('timestamptz', { name: 'answer_by', nullable: true })
  answerBy: Date | null;

  @Column('integer', { name: 'record_revision' })
  revision: number;

  @Column('bytea')
  mac: Buffer;
}
