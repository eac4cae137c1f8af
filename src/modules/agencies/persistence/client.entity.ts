import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AgencyId, ClientId } from '../../../kernel/ids.js';
import type { Sealed } from '../../../sealing/index.js';
import type { ClientMetadata } from '../clients/client-metadata.js';
import type { ClientStatus } from './places.js';

@Entity({ schema: 'agencies', name: 'client' })
export class ClientEntity {
  @PrimaryColumn('uuid')
  id: ClientId;

  @Column('uuid', { name: 'agency_id' })
  agencyId: AgencyId;

  @Column('text')
  status: ClientStatus;

  @Column('bytea')
  metadata: Sealed<ClientMetadata>;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;

  @Column('integer')
  revision: number;

  /** HMAC over the row, see `client-record.ts`. */
  @Column('bytea')
  mac: Buffer;
}
