import { Instant, Text, Uuid, YesNo } from '../../../platform/http/fields.js';

export class NewAgencyDto {
  @Text({ min: 2, max: 200, example: 'Ministère de la Culture' })
  readonly name: string;

  @YesNo({ optional: true, example: false, description: 'For good: with synthetic applications only' })
  readonly sandbox?: boolean;
}

export class AgencyDto {
  @Uuid()
  readonly id: string;

  @Text({ min: 2, max: 200, example: 'Ministère de la Culture' })
  readonly name: string;

  @YesNo({ example: false, description: 'Of a sandbox every application is made up' })
  readonly sandbox: boolean;

  @Instant({ example: '2026-11-02T08:00:00.000Z' })
  readonly createdAt: string;
}

export class CreatedAgencyDto {
  @Uuid()
  readonly id: string;
}
