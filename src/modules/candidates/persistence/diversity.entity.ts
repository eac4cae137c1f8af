import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CandidateId } from '../../../kernel/ids.js';
import type { Sealed } from '../../../sealing/index.js';
import type { Diversity } from '../diversity/diversity.js';

@Entity({ schema: 'candidates', name: 'diversity' })
export class DiversityEntity {
  @PrimaryColumn('uuid', { name: 'candidate_id' })
  candidateId: CandidateId;

  @Column('bytea')
  answers: Sealed<Diversity>;

  @Column('integer')
  revision: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
