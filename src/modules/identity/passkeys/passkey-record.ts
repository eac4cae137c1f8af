import type { RecordTable } from '../../security-records/index.js';
import type { PasskeyEntity } from '../persistence/passkey.entity.js';

export type PasskeyContent = Omit<PasskeyEntity, 'revision' | 'mac'>;

/** What of a passkey its MAC covers: everything, so that neither its owner nor its counter can be changed. */
export const PASSKEY_RECORD: RecordTable<PasskeyContent> = {
  kind: 'identity_passkey',
  columns: (passkey) => [
    ['account_id', passkey.accountId],
    ['credential_index', passkey.credentialIndex],
    ['credential', passkey.credential],
    ['counter', passkey.counter],
    ['created_at', passkey.createdAt],
    ['last_used_at', passkey.lastUsedAt],
  ],
};
