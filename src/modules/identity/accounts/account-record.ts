import type { RecordTable } from '../../security-records/index.js';
import type { AccountEntity } from '../persistence/account.entity.js';

export type AccountContent = Omit<AccountEntity, 'revision' | 'mac' | 'emailIndex' | 'emailIndexNext'>;

/** A new account has no sessions and no tickets yet. */
export type NewAccount = Omit<AccountContent, 'credentialEpoch' | 'sessionFloors'>;

/**
 * What of an account its MAC covers: all but `totpStep`, which every sign-in moves and which decides only whether a
 * code is accepted twice within its minute, and the index of its address, which is compared with the address itself.
 */
export const ACCOUNT_RECORD: RecordTable<AccountContent> = {
  kind: 'identity_account',
  columns: (account) => [
    ['status', account.status],
    ['email', account.email],
    ['role', account.role],
    ['password_hash', account.passwordHash],
    ['totp_secret', account.totpSecret],
    ['recovery_codes', account.recoveryCodes],
    ['locale', account.locale],
    ['created_at', account.createdAt],
    ['credential_epoch', String(account.credentialEpoch)],
    ['session_floors', account.sessionFloors.join(',')],
  ],
};
