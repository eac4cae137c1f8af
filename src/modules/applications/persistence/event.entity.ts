import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AgencyId, ApplicationId, CandidateId, Id } from '../../../kernel/ids.js';
import type { Sealed } from '../../../sealing/index.js';
import type { ApplicationStatus, Mover } from '../application.machine.js';
import type { Decision } from './places.js';

/** One step in an application's life, as its timeline shows it. */
@Entity({ schema: 'applications', name: 'event' })
export class EventEntity {
  @PrimaryColumn('uuid')
  id: Id<'event'>;

  @Column('uuid', { name: 'application_id' })
  applicationId: ApplicationId;

  @Column('uuid', { name: 'candidate_id' })
  candidateId: CandidateId;

  @Column('uuid', { name: 'agency_id' })
  agencyId: AgencyId;

  @Column('timestamptz')
  at: Date;

  @Column('text', { name: 'from_status' })
  from: ApplicationStatus;

  @Column('text', { name: 'to_status' })
  to: ApplicationStatus;

  @Column('text', { name: 'actor_kind' })
  by: Mover;

  @Column('bytea', { nullable: true })
  decision: Sealed<Decision> | null;
}
