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

  /** The last letter; `null` for one of before letters were followed, and where there is none. */
  @Column('uuid', { name: 'mail_id', nullable: true })
  mailId: Id<'mail'> | null;

  /** Whether the last letter comes after one that went out. */
  @Column('boolean', { name: 'is_further' })
  isFurther: boolean;

  /** Whether a mail server has taken the last letter; `null` while that is open, `false` where there is none. */
  @Column('boolean', { name: 'reached', nullable: true })
  isReached: boolean | null;

  /** HMAC over all but `told`, which is sealed to the row and its candidate. */
  @Column('bytea')
  mac: Buffer;
}
