import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AccountId } from '../../../kernel/ids.js';
import type { RecoveryId } from '../recovery/recovery-id.js';

/** `ready`: its token has been mailed. One that is over has no row. */
export type RecoveryStatus = 'asked' | 'approved' | 'ready';

@Entity({ schema: 'identity', name: 'recovery' })
export class RecoveryEntity {
  @PrimaryColumn('uuid')
  id: RecoveryId;

  @Column('uuid', { name: 'account_id' })
  accountId: AccountId;

  @Column('text')
  status: RecoveryStatus;

  @Column('timestamptz', { name: 'asked_at' })
  askedAt: Date;

  /** When it goes on by itself: an approved one to its token, any other to its end. */
  @Column('timestamptz', { name: 'due_at' })
  dueAt: Date;

  /** The account's at the time: when that rises, the recovery is over. */
  @Column('integer', { name: 'credential_epoch' })
  credentialEpoch: number;

  @Column('integer')
  revision: number;

  /** HMAC over the row, see `recoveries.ts`. */
  @Column('bytea')
  mac: Buffer;
}
