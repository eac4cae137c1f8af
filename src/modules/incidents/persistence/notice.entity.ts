import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CandidateId, Id } from '../../../kernel/ids.js';
import type { Sealed } from '../../../sealing/index.js';
import type { IncidentId } from '../incident.js';
import type { Told } from './places.js';

@Entity({ schema: 'incidents', name: 'notice' })
export class NoticeEntity {
  @PrimaryColumn('uuid')
  id: Id<'incident-notice'>;

  @Column('uuid', { name: 'incident_id' })
  incidentId: IncidentId;

  @Column('uuid', { name: 'candidate_id' })
  candidateId: CandidateId;

  @Column('bytea')
  told: Sealed<Told>;

  /** The last time. */
  @Column('timestamptz', { name: 'told_at' })
  toldAt: Date;

  /** How often. */
  @Column('integer')
  revision: number;

  /** HMAC over all but `told`, which is sealed to the row and its candidate. */
  @Column('bytea')
  mac: Buffer;
}
