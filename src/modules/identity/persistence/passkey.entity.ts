import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AccountId } from '../../../kernel/ids.js';
import type { Sealed } from '../../../sealing/index.js';
import type { PasskeyId } from '../passkeys/passkey-id.js';
import type { PasskeyCredential } from './places.js';

@Entity({ schema: 'identity', name: 'passkey' })
export class PasskeyEntity {
  @PrimaryColumn('uuid')
  id: PasskeyId;

  @Column('uuid', { name: 'account_id' })
  accountId: AccountId;

  /** HMAC-SHA-256 of the credential's id. */
  @Column('bytea', { name: 'credential_index' })
  credentialIndex: Buffer;

  @Column('bytea')
  credential: Sealed<PasskeyCredential>;

  /** The authenticator's signature counter, as it last said; 0 for one that does not count (WebAuthn §6.1.1). */
  @Column('bigint')
  counter: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt: Date | null;

  @Column('integer')
  revision: number;

  /** HMAC over the row, see `passkey-record.ts`. */
  @Column('bytea')
  mac: Buffer;
}
