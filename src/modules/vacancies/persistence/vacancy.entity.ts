import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AgencyId, VacancyId } from '../../../kernel/ids.js';
import type { DocumentKind } from '../../documents/index.js';
import type { AgencyMode } from '../../agencies/index.js';
import type { Category, Contract, Question, Remote, VacancyStatus } from '../vacancy.js';

@Entity({ schema: 'vacancies', name: 'vacancy' })
export class VacancyEntity {
  @PrimaryColumn('uuid')
  id: VacancyId;

  @Column('uuid', { name: 'agency_id' })
  agencyId: AgencyId;

  /** The agency's. */
  @Column('text')
  mode: AgencyMode;

  @Column('text')
  status: VacancyStatus;

  @Column('text')
  title: string;

  @Column('text')
  description: string;

  @Column('text')
  department: string;

  @Column('text')
  category: Category;

  @Column('text')
  contract: Contract;

  @Column('text')
  remote: Remote;

  @Column('timestamptz')
  deadline: Date;

  @Column('text', { name: 'time_zone' })
  timeZone: string;

  @Column('integer')
  openings: number;

  @Column('jsonb')
  questions: Question[];

  @Column('text', { name: 'required_documents', array: true })
  requiredDocuments: DocumentKind[];

  @Column('boolean', { name: 'anonymous_review' })
  anonymousReview: boolean;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'published_at', nullable: true })
  publishedAt: Date | null;

  @Column('integer')
  revision: number;
}
