import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AccountId, Id } from '../../../kernel/ids.js';

export type TicketPurpose =
  | 'confirmation'
  | 'invitation'
  | 'enrolment'
  | 'password_reset'
  | 'email_change_old'
  | 'email_change_new'
  | 'recovery_stop'
  | 'recovery';

@Entity({ schema: 'identity', name: 'ticket' })
export class TicketEntity {
  @PrimaryColumn('uuid')
  id: Id<'ticket'>;

  @Column('uuid', { name: 'account_id' })
  accountId: AccountId;

  @Column('text')
  purpose: TicketPurpose;

  @Column('bytea', { name: 'token_hash' })
  tokenHash: Buffer;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  /** The account's at the time: when that rises, the ticket is good for nothing. */
  @Column('integer', { name: 'credential_epoch' })
  credentialEpoch: number;

  /** HMAC over the row, see `tickets.ts`. */
  @Column('bytea')
  mac: Buffer;
}
