/** The columns of `identity.account AS account`, named as in its entity, for a statement of our own. */
export const ACCOUNT_COLUMNS = `
  account.id, account.status, account.email, account.email_index AS "emailIndex",
  account.email_index_next AS "emailIndexNext", account.role, account.password_hash AS "passwordHash",
  account.totp_secret AS "totpSecret", account.totp_step AS "totpStep", account.recovery_codes AS "recoveryCodes",
  account.locale, account.created_at AS "createdAt", account.credential_epoch AS "credentialEpoch",
  account.session_floors AS "sessionFloors", account.revision, account.mac`;
