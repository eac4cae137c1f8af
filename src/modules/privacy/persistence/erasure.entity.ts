import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CandidateId } from '../../../kernel/ids.js';
import type { ErasureCause, ErasureId } from '../erasure/erasure.js';

@Entity({ schema: 'privacy', name: 'erasure' })
export class ErasureEntity {
  @PrimaryColumn('uuid')
  id: ErasureId;

  /** `null` once it is complete: what is left says that somebody was erased, and when. */
  @Column('uuid', { name: 'candidate_id', nullable: true })
  candidateId: CandidateId | null;

  @Column('text')
  cause: ErasureCause;

  @Column('timestamptz', { name: 'asked_at' })
  askedAt: Date;

  /** When every row of the candidate was first gone. */
  @Column('timestamptz', { name: 'emptied_at', nullable: true })
  emptiedAt: Date | null;

  /** From when on the ledger's tie is cut. */
  @Column('timestamptz', { name: 'tie_until' })
  tieUntil: Date;

  @Column('timestamptz', { name: 'completed_at', nullable: true })
  completedAt: Date | null;
}
