import type { SecurityRecord } from '../../../sealing/index.js';
import type { SessionEntity } from '../persistence/session.entity.js';

/**
 * What of a session its MAC covers: all but `last_seen_at`, which every minute of use moves, and `origin`, which is
 * sealed in its place.
 */
export function sessionRecord(session: Omit<SessionEntity, 'mac' | 'lastSeenAt' | 'origin'>): SecurityRecord {
  return {
    kind: 'identity_session',
    id: session.id,
    revision: session.revision,
    columns: [
      ['account_id', session.accountId],
      ['token_hash', session.tokenHash],
      ['transport', session.transport],
      ['created_at', session.createdAt],
      ['second_factor_at', session.secondFactorAt],
      ['limited_to', session.limitedTo],
      ['credential_epoch', String(session.credentialEpoch)],
    ],
  };
}
