import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SessionLimit } from '../../../kernel/context.js';
import type { AccountId, SessionId } from '../../../kernel/ids.js';
import type { Sealed } from '../../../sealing/index.js';
import type { SessionOrigin } from '../sessions/session-origin.js';

export type Transport = 'cookie' | 'token';

@Entity({ schema: 'identity', name: 'session' })
export class SessionEntity {
  @PrimaryColumn('uuid')
  id: SessionId;

  @Column('uuid', { name: 'account_id' })
  accountId: AccountId;

  @Column('bytea', { name: 'token_hash' })
  tokenHash: Buffer;

  @Column('text')
  transport: Transport;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'last_seen_at' })
  lastSeenAt: Date;

  @Column('timestamptz', { name: 'second_factor_at' })
  secondFactorAt: Date;

  @Column('bytea')
  origin: Sealed<SessionOrigin>;

  /** What the session may be used for, where that is not everything. */
  @Column('text', { name: 'limited_to', nullable: true })
  limitedTo: SessionLimit | null;

  /** The account's at the time: when that rises, the session is over. */
  @Column('integer', { name: 'credential_epoch' })
  credentialEpoch: number;

  /** 1, and one more with each new token. */
  @Column('integer')
  revision: number;

  /** HMAC over the row, see `session-record.ts`. */
  @Column('bytea')
  mac: Buffer;
}
