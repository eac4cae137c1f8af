import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CandidateId } from '../../../kernel/ids.js';
import type { Sealed } from '../../../sealing/index.js';

/** One education, experience or language: a sealed value and what is needed to find and order changes. */
export abstract class EntryEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'candidate_id' })
  candidateId: CandidateId;

  @Column('bytea')
  entry: Sealed<unknown>;

  @Column('integer')
  revision: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}

@Entity({ schema: 'candidates', name: 'education' })
export class EducationEntity extends EntryEntity {}

@Entity({ schema: 'candidates', name: 'experience' })
export class ExperienceEntity extends EntryEntity {}

@Entity({ schema: 'candidates', name: 'language' })
export class LanguageEntity extends EntryEntity {}
