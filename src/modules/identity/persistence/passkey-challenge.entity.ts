import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AccountId } from '../../../kernel/ids.js';
import type { PasskeyId } from '../passkeys/passkey-id.js';

/** A challenge is good for one ceremony. */
export type ChallengePurpose = 'registration' | 'sign_in' | 'step_up';

@Entity({ schema: 'identity', name: 'passkey_challenge' })
export class PasskeyChallengeEntity {
  /** Of a registration: the id that the passkey will have. */
  @PrimaryColumn('uuid')
  id: PasskeyId;

  @Column('text')
  purpose: ChallengePurpose;

  @Column('uuid', { name: 'account_id', nullable: true })
  accountId: AccountId | null;

  @Column('bytea', { name: 'challenge_hash' })
  challengeHash: Buffer;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
