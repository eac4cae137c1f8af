import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sealed } from '../../../sealing/index.js';
import type { IncidentDetails, IncidentId, IncidentStatus } from '../incident.js';

@Entity({ schema: 'incidents', name: 'incident' })
export class IncidentEntity {
  @PrimaryColumn('uuid')
  id: IncidentId;

  @Column('text')
  status: IncidentStatus;

  @Column('bytea')
  details: Sealed<IncidentDetails>;

  @Column('timestamptz', { name: 'opened_at' })
  openedAt: Date;

  @Column('timestamptz', { name: 'contained_at', nullable: true })
  containedAt: Date | null;

  @Column('timestamptz', { name: 'closed_at', nullable: true })
  closedAt: Date | null;

  @Column('integer')
  revision: number;

  /** HMAC over the row, see `incident-records.ts`. */
  @Column('bytea')
  mac: Buffer;
}
