import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AccountId } from '../../../kernel/ids.js';

@Entity({ schema: 'identity', name: 'staff' })
export class StaffEntity {
  @PrimaryColumn('uuid', { name: 'account_id' })
  accountId: AccountId;

  @Column('timestamptz', { name: 'invited_at' })
  invitedAt: Date;
}
