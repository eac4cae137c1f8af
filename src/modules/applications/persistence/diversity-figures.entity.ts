import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AgencyId, VacancyId } from '../../../kernel/ids.js';
import type { QuestionFigures } from '../diversity/figures.js';

@Entity({ schema: 'applications', name: 'diversity_figures' })
export class DiversityFiguresEntity {
  @PrimaryColumn('uuid', { name: 'vacancy_id' })
  vacancyId: VacancyId;

  @Column('uuid', { name: 'agency_id' })
  agencyId: AgencyId;

  @Column('timestamptz', { name: 'counted_at' })
  countedAt: Date;

  @Column('jsonb')
  questions: readonly QuestionFigures[];
}
