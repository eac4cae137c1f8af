import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CandidateId, Id } from '../../../kernel/ids.js';
import type { Sealed } from '../../../sealing/index.js';
import type { Decision } from './places.js';

@Entity({ schema: 'privacy', name: 'consent' })
export class ConsentEntity {
  @PrimaryColumn('uuid')
  id: Id<'consent'>;

  @Column('uuid', { name: 'candidate_id' })
  candidateId: CandidateId;

  @Column('bytea')
  decision: Sealed<Decision>;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
