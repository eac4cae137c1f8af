import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AccountId, SessionId } from '../../../kernel/ids.js';

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

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;
}
