import { Email, Instant, OneOf, Text, Texts, Uuid } from '../../../platform/http/fields.js';
import { CODE, LOCALES, PASSWORD, RECOVERY_CODE, TOKEN } from './credential-fields.js';

export class AccountPatch {
  @OneOf(LOCALES, { description: 'Language of the mails' })
  readonly locale: 'fr' | 'en';
}

export class AccountDto extends AccountPatch {
  @Uuid()
  readonly id: string;

  @OneOf(['candidate', 'auditor', 'operator'])
  readonly role: string;

  @Instant()
  readonly createdAt: string;
}

export class PasswordChangeDto {
  @Text({ ...PASSWORD, description: 'The present one' })
  readonly current: string;

  @Text({ max: PASSWORD.max, example: 'cinq moutons verts sous la pluie', description: 'The new one' })
  readonly password: string;
}

export class AddressChangeDto {
  @Text({ ...PASSWORD, description: 'The present password' })
  readonly current: string;

  @Email()
  readonly email: string;
}

export class AddressStateDto {
  @OneOf(['waiting', 'changed'], { description: 'Whether the other address is still to be confirmed' })
  readonly state: string;
}

export class CodeDto {
  @Text({ ...CODE, description: 'From the new authenticator' })
  readonly code: string;
}

export class RecoveryCodesDto {
  @Texts({ max: 10, example: ['7K3M-9QFD-2XHT-5B8N-WC4R-J6VA'], description: 'Shown once; each works once' })
  readonly recoveryCodes: string[];
}

export class ForgottenDto {
  @Email()
  readonly email: string;
}

export class PasswordResetDto {
  @Text({ ...TOKEN, description: 'From the mail' })
  readonly token: string;

  @Text({ ...PASSWORD, description: 'The new one' })
  readonly password: string;

  @Text({ ...CODE, optional: true, description: 'From the authenticator; this or recoveryCode' })
  readonly code?: string;

  @Text({ ...RECOVERY_CODE, optional: true, description: 'One of those shown at enrolment; this or code' })
  readonly recoveryCode?: string;
}

const RESET = { token: TOKEN.example, password: PASSWORD.example };

/** One body for each second factor: together they are refused. */
export const RESET_EXAMPLES = {
  authenticator: { summary: 'With the authenticator', value: { ...RESET, code: CODE.example } },
  recovery: { summary: 'With a recovery code', value: { ...RESET, recoveryCode: RECOVERY_CODE.example } },
};
