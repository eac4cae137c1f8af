import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AccountId, Id } from '../../../kernel/ids.js';
import type { Sealed } from '../../../sealing/index.js';
import type { PendingChange } from './places.js';

@Entity({ schema: 'identity', name: 'pending_change' })
export class PendingChangeEntity {
  @PrimaryColumn('uuid')
  id: Id<'pending-change'>;

  @Column('uuid', { name: 'account_id' })
  accountId: AccountId;

  @Column('text')
  kind: PendingChange['kind'];

  @Column('bytea')
  change: Sealed<PendingChange>;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
