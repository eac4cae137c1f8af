import { Nested, OneOf, Text, Texts } from '../../../platform/http/fields.js';
import { CODE, TRANSPORTS } from './credential-fields.js';
import { TicketDto } from './registration.dtos.js';
import { SessionDto } from './session.dtos.js';

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

export class EnrolledDto {
  @Texts({ max: 10, example: ['7K3M-9QFD-2XHT-5B8N-WC4R-J6VA'], description: 'Shown once; each works once' })
  readonly recoveryCodes: string[];

  @Nested(() => SessionDto)
  readonly session: SessionDto;
}
