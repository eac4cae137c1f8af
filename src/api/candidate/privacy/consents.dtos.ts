import { CONSENT_PURPOSES, type ConsentPurpose } from '../../../modules/privacy/index.js';
import { Instant, ListOf, OneOf, Text, WholeNumber, YesNo } from '../../../platform/http/fields.js';

class AgreementDto {
  @OneOf(CONSENT_PURPOSES)
  readonly purpose: ConsentPurpose;

  @WholeNumber({
    min: 1,
    max: 10_000,
    description: 'Of the wording that was shown; only the present one counts',
  })
  readonly version: number;
}

export class AgreementsDto {
  @ListOf(() => AgreementDto, {
    max: 20,
    description: 'What is agreed to, and nothing else is; empty: nothing',
  })
  readonly agreements: AgreementDto[];
}

class ConsentDto {
  @OneOf(CONSENT_PURPOSES)
  readonly purpose: string;

  @YesNo({ description: 'No, until it was agreed to' })
  readonly given: boolean;

  @WholeNumber({ min: 1, max: 10_000, description: 'Of the present wording' })
  readonly version: number;

  @Text({
    max: 2_000,
    example: 'J’accepte de recevoir par courriel des offres semblables à celles auxquelles j’ai répondu.',
    description: 'The present wording, in the language of the request',
  })
  readonly wording: string;

  @Instant({ nullable: true, description: 'When it was last decided; `null`: never' })
  readonly decidedAt: string | null;

  @WholeNumber({
    min: 1,
    max: 10_000,
    nullable: true,
    description: 'Of the wording that the decision was about',
  })
  readonly decidedVersion: number | null;
}

export class ConsentsDto {
  @ListOf(() => ConsentDto, { max: 20 })
  readonly items: ConsentDto[];
}
