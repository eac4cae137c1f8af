import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Locale } from '../../../kernel/context.js';
import type { AccountId } from '../../../kernel/ids.js';
import type { Sealed } from '../../../sealing/index.js';
import type { Role } from './places.js';

export type AccountStatus = 'unconfirmed' | 'invited' | 'enrolling' | 'active' | 'suspended';

@Entity({ schema: 'identity', name: 'account' })
export class AccountEntity {
  @PrimaryColumn('uuid')
  id: AccountId;

  @Column('text')
  status: AccountStatus;

  @Column('bytea')
  email: Sealed<string>;

  @Column('bytea', { name: 'email_index' })
  emailIndex: Buffer;

  /** Under the index's next key while that is being gone over to. */
  @Column('bytea', { name: 'email_index_next', nullable: true })
  emailIndexNext: Buffer | null;

  @Column('bytea')
  role: Sealed<Role>;

  @Column('bytea', { name: 'password_hash' })
  passwordHash: Sealed<string>;

  @Column('bytea', { name: 'totp_secret', nullable: true })
  totpSecret: Sealed<string> | null;

  /** The last time step whose code was accepted (RFC 6238 §5.2). */
  @Column('bigint', { name: 'totp_step' })
  totpStep: string;

  @Column('bytea', { name: 'recovery_codes', nullable: true })
  recoveryCodes: Sealed<readonly string[]> | null;

  @Column('text')
  locale: Locale;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  /** Rises whenever sessions end together; what was opened or issued before is over. */
  @Column('integer', { name: 'credential_epoch' })
  credentialEpoch: number;

  /** Sessions that were ended or renewed one at a time, see `session-floors.ts`. */
  @Column('text', { name: 'session_floors', array: true })
  sessionFloors: readonly string[];

  @Column('integer')
  revision: number;

  /** HMAC over the row, see `account-record.ts`. */
  @Column('bytea')
  mac: Buffer;
}
