import { Email, Instant, Nested, OneOf, Text, Texts, Uuid, YesNo } from '../../platform/http/fields.js';

const PASSWORD = { max: 256, example: 'quatre chevaux bleus sur la digue' } as const;
const TOKEN = { min: 43, max: 43, example: 'J0lC0z4n7QmB1Zr5s8uXy2v9w3K6p1H4d7F0g5T2aEo' } as const;
const CODE = { min: 6, max: 6, example: '492039', pattern: /^\d{6}$/ } as const;
const RECOVERY_CODE = { min: 24, max: 40, example: '7K3M-9QFD-2XHT-5B8N-WC4R-J6VA' } as const;
const TRANSPORTS = ['cookie', 'token'] as const;

export class RegistrationDto {
  @Email()
  readonly email: string;

  @Text({ ...PASSWORD, description: '15 to 128 characters of any kind' })
  readonly password: string;

  @OneOf(['fr', 'en'], { description: 'Language of the mails' })
  readonly locale: 'fr' | 'en';
}

export class AcceptedDto {
  @Text({ max: 200, example: 'Si cette adresse peut être utilisée, un message y a été envoyé.' })
  readonly message: string;
}

export class TokenDto {
  @Text({ ...TOKEN, description: 'From the mail' })
  readonly token: string;
}

export class TicketDto {
  @Text({ ...TOKEN, description: 'Good for enrolling an authenticator, and for nothing else' })
  readonly ticket: string;
}

export class EnrolmentOfferDto {
  @Text({ max: 64, example: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' })
  readonly secret: string;

  @Text({
    max: 500,
    example: 'otpauth://totp/Sceau:camille.martin%40example.fr?secret=JBSWY3DPEHPK3PXP&issuer=Sceau',
  })
  readonly uri: string;

  @Text({ max: 20_000, example: 'data:image/svg+xml;base64,PHN2Zy8+', description: 'The URI as a QR code' })
  readonly qr: string;
}

export class EnrolmentConfirmationDto extends TicketDto {
  @Text(CODE)
  readonly code: string;

  @OneOf(TRANSPORTS, { optional: true, description: 'How the session travels; cookie unless told' })
  readonly transport: 'cookie' | 'token' = 'cookie';
}

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

export class EnrolledDto {
  @Texts({ max: 10, example: ['7K3M-9QFD-2XHT-5B8N-WC4R-J6VA'], description: 'Shown once; each works once' })
  readonly recoveryCodes: string[];

  @Nested(() => SessionDto)
  readonly session: SessionDto;
}

export class SignInDto {
  @Email()
  readonly email: string;

  @Text(PASSWORD)
  readonly password: string;

  @Text({ ...CODE, optional: true, description: 'From the authenticator; this or recoveryCode' })
  readonly code?: string;

  @Text({ ...RECOVERY_CODE, optional: true, description: 'One of those shown at enrolment; this or code' })
  readonly recoveryCode?: string;

  @OneOf(TRANSPORTS, { optional: true, description: 'How the session travels; cookie unless told' })
  readonly transport: 'cookie' | 'token' = 'cookie';
}

const WHO = { email: 'camille.martin@example.fr', password: PASSWORD.example, transport: 'token' };

/** One body for each second factor: together they are refused. */
export const SIGN_IN_EXAMPLES = {
  authenticator: { summary: 'With the authenticator', value: { ...WHO, code: CODE.example } },
  recovery: { summary: 'With a recovery code', value: { ...WHO, recoveryCode: RECOVERY_CODE.example } },
};

export class StepUpDto {
  @Text(CODE)
  readonly code: string;
}

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
}
