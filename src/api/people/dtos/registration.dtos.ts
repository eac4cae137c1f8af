import { Email, OneOf, Text } from '../../../platform/http/fields.js';
import { LOCALES, PASSWORD, TOKEN } from './credential-fields.js';

export class RegistrationDto {
  @Email()
  readonly email: string;

  @Text({ ...PASSWORD, description: '15 to 128 characters of any kind' })
  readonly password: string;

  @OneOf(LOCALES, { description: 'Language of the mails' })
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

export class AcceptanceDto extends TokenDto {
  @Text({ ...PASSWORD, description: '15 to 128 characters of any kind' })
  readonly password: string;
}

export class TicketDto {
  @Text({ ...TOKEN, description: 'Good for enrolling an authenticator, and for nothing else' })
  readonly ticket: string;
}
