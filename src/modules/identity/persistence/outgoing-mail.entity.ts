import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AccountId, Id } from '../../../kernel/ids.js';
import type { Sealed } from '../../../sealing/index.js';
import type { OutgoingMessage } from './places.js';

@Entity({ schema: 'platform', name: 'outgoing_mail' })
export class OutgoingMailEntity {
  @PrimaryColumn('uuid')
  id: Id<'mail'>;

  @Column('uuid', { name: 'account_id' })
  accountId: AccountId;

  @Column('bytea')
  message: Sealed<OutgoingMessage>;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
