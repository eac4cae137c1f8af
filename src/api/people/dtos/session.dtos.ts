import { Email, Instant, Nested, OneOf, Text, Uuid, YesNo } from '../../../platform/http/fields.js';
import { CODE, PASSWORD, RECOVERY_CODE, TOKEN, TRANSPORTS } from './credential-fields.js';
import { ASSERTION_EXAMPLE, PasskeyAssertionDto } from './passkey.dtos.js';

export class SessionDto {
  @Uuid()
  readonly id: string;

  @Text({ ...TOKEN, optional: true, description: 'Only with the transport "token", and only now' })
  readonly token?: string;

  @OneOf(TRANSPORTS)
  readonly transport: string;

  @Instant({ description: 'It ends by then at the latest' })
  readonly expiresAt: string;
}

export class SignInDto {
  @Email()
  readonly email: string;

  @Text(PASSWORD)
  readonly password: string;

  @Text({ ...CODE, optional: true, description: 'From the authenticator; this, recoveryCode or passkey' })
  readonly code?: string;

  @Text({ ...RECOVERY_CODE, optional: true, description: 'One of those shown at enrolment' })
  readonly recoveryCode?: string;

  @Nested(() => PasskeyAssertionDto, { optional: true, description: 'Answer to a challenge for sign_in' })
  readonly passkey?: PasskeyAssertionDto;

  @OneOf(TRANSPORTS, { optional: true, description: 'How the session travels; cookie unless told' })
  readonly transport: 'cookie' | 'token' = 'cookie';
}

const WHO = { email: 'camille.martin@example.fr', password: PASSWORD.example, transport: 'token' };

/** One body for each second factor: together they are refused. */
export const SIGN_IN_EXAMPLES = {
  authenticator: { summary: 'With the authenticator', value: { ...WHO, code: CODE.example } },
  recovery: { summary: 'With a recovery code', value: { ...WHO, recoveryCode: RECOVERY_CODE.example } },
  passkey: { summary: 'With a passkey', value: { ...WHO, passkey: ASSERTION_EXAMPLE } },
};

export class StepUpDto {
  @Text({ ...CODE, optional: true, description: 'From the authenticator; this or passkey' })
  readonly code?: string;

  @Nested(() => PasskeyAssertionDto, { optional: true, description: 'Answer to a challenge for step_up' })
  readonly passkey?: PasskeyAssertionDto;
}

/** One body for each second factor: together they are refused. */
export const STEP_UP_EXAMPLES = {
  authenticator: { summary: 'With the authenticator', value: { code: CODE.example } },
  passkey: { summary: 'With a passkey', value: { passkey: ASSERTION_EXAMPLE } },
};

export class SessionSummaryDto {
  @Uuid()
  readonly id: string;

  @OneOf(TRANSPORTS)
  readonly transport: string;

  @Instant()
  readonly createdAt: string;

  @Instant()
  readonly lastSeenAt: string;

  @YesNo({ description: 'Whether this request came with it' })
  readonly current: boolean;

  @Text({ max: 40, example: 'Firefox', description: 'Family of the program it was opened with, or "other"' })
  readonly browser: string;

  @Text({ max: 40, example: 'Windows', description: 'Family of its operating system, or "other"' })
  readonly system: string;

  @Text({ max: 60, example: '192.0.2.0/24', description: 'Network that it was opened from' })
  readonly network: string;
}

export class EndingDto {
  @OneOf(['current'], { optional: true, description: 'The session that goes on' })
  readonly keep?: 'current';
}
