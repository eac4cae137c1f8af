import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AccountId } from '../../../kernel/ids.js';
import type { Sealed } from '../../../sealing/index.js';
import type { PendingPassword } from './places.js';

@Entity({ schema: 'identity', name: 'pending_password' })
export class PendingPasswordEntity {
  @PrimaryColumn('uuid', { name: 'account_id' })
  accountId: AccountId;

  @Column('bytea')
  content: Sealed<PendingPassword>;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
