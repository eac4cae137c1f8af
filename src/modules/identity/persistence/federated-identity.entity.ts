import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AccountId } from '../../../kernel/ids.js';
import type { FederationProvider } from '../../../platform/config/settings.js';
import type { Sealed } from '../../../sealing/index.js';
import type { FederatedIdentityId } from '../federation/federated-identity-id.js';
import type { ForeignIdentity } from './places.js';

@Entity({ schema: 'identity', name: 'federated_identity' })
export class FederatedIdentityEntity {
  @PrimaryColumn('uuid')
  id: FederatedIdentityId;

  @Column('uuid', { name: 'account_id' })
  accountId: AccountId;

  @Column('text')
  provider: FederationProvider;

  /** HMAC-SHA-256 of issuer and subject. */
  @Column('bytea', { name: 'identity_index' })
  identityIndex: Buffer;

  @Column('bytea')
  identity: Sealed<ForeignIdentity>;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('integer')
  revision: number;

  /** HMAC over the row, see `federated-identities.ts`. */
  @Column('bytea')
  mac: Buffer;
}
