import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AccountId, Id } from '../../../kernel/ids.js';
import type { FederationProvider } from '../../../platform/config/settings.js';

/** What somebody was sent to a provider for, or has come back with. */
export type FederationPurpose = 'sign_in' | 'link' | 'ticket';

@Entity({ schema: 'identity', name: 'federation_state' })
export class FederationStateEntity {
  @PrimaryColumn('uuid')
  id: Id<'federation_state'>;

  @Column('text')
  purpose: FederationPurpose;

  @Column('text')
  provider: FederationProvider;

  @Column('uuid', { name: 'account_id', nullable: true })
  accountId: AccountId | null;

  @Column('bytea', { name: 'token_hash' })
  tokenHash: Buffer;

  /** HMAC over hash, purpose, provider and account. */
  @Column('bytea')
  mac: Buffer;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
