import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Id, SubjectId } from '../../../kernel/ids.js';
import type { Sealed } from '../../../sealing/index.js';
import type { OutgoingMessage } from './places.js';

@Entity({ schema: 'platform', name: 'outgoing_mail' })
export class OutgoingMailEntity {
  @PrimaryColumn('uuid')
  id: Id<'mail'>;

  /** Under whose key the message is sealed: its account, or the installation for one to an account that is no more. */
  @Column('uuid', { name: 'account_id' })
  accountId: SubjectId;

  @Column('bytea')
  message: Sealed<OutgoingMessage>;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
