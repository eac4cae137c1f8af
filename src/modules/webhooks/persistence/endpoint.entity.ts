import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AgencyId } from '../../../kernel/ids.js';
import type { Sealed } from '../../../sealing/index.js';
import type { EventType } from '../event-types.js';
import type { EndpointId } from '../ids.js';
import type { SigningSecret } from '../signing-secrets.js';

@Entity({ schema: 'webhooks', name: 'endpoint' })
export class EndpointEntity {
  @PrimaryColumn('uuid')
  id: EndpointId;

  @Column('uuid', { name: 'agency_id' })
  agencyId: AgencyId;

  /** `gone`: off, because the receiver answered so. */
  @Column('text')
  status: 'enabled' | 'disabled' | 'gone';

  @Column('text', { name: 'event_types', array: true })
  eventTypes: EventType[];

  @Column('bytea')
  url: Sealed<string>;

  @Column('bytea')
  secrets: Sealed<readonly SigningSecret[]>;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;

  @Column('integer')
  revision: number;

  /** HMAC over the row, see `endpoint-records.ts`. */
  @Column('bytea')
  mac: Buffer;
}
