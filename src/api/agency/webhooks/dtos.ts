import {
  DELIVERY_STATUSES,
  type DeliveryStatus,
  EVENT_TYPES,
  type EventType,
  OUTCOMES,
  TEST_EVENT,
} from '../../../modules/webhooks/index.js';
import {
  Instant,
  ListOf,
  OneOf,
  Text,
  Texts,
  Uuid,
  WholeNumber,
  YesNo,
} from '../../../platform/http/fields.js';
import { PageQuery } from '../../../platform/http/index.js';

const URL_FIELD = {
  max: 2_000,
  example: 'https://recrutement.culture.example/sceau',
  pattern: /^https:\/\/[\x21-\x7e]+$/,
  description: 'https, on port 443 or 8443 of a host that is reachable from the Internet',
} as const;
const EVENTS_FIELD = {
  min: 1,
  max: EVENT_TYPES.length,
  values: EVENT_TYPES,
  unique: true,
  example: ['application.submitted', 'application.withdrawn'],
} as const;

export class NewEndpointDto {
  @Text(URL_FIELD)
  readonly url: string;

  @Texts(EVENTS_FIELD)
  readonly events: EventType[];
}

export class EndpointPatchDto {
  @Text({ ...URL_FIELD, optional: true })
  readonly url?: string;

  @Texts({ ...EVENTS_FIELD, optional: true })
  readonly events?: EventType[];

  @YesNo({ optional: true, description: 'Nothing is collected for an endpoint that is not' })
  readonly enabled?: boolean;
}

export class SecretDto {
  @Instant({ example: '2026-11-20T10:00:00.000Z' })
  readonly createdAt: string;

  @Instant({ nullable: true, example: '2026-11-21T10:00:00.000Z', description: 'null: the present one' })
  readonly expiresAt: string | null;
}

export class EndpointDto extends NewEndpointDto {
  @Uuid()
  readonly id: string;

  @YesNo()
  readonly enabled: boolean;

  @OneOf(['asked', 'gone'], {
    nullable: true,
    description: 'asked: by a PATCH; gone: the receiver answered 410. null: it is enabled',
  })
  readonly disabledBecause: string | null;

  @ListOf(() => SecretDto, { max: 2, description: 'In use, the newest first' })
  readonly secrets: SecretDto[];

  @Instant({ example: '2026-11-20T10:00:00.000Z' })
  readonly createdAt: string;

  @Instant({ example: '2026-11-20T10:00:00.000Z' })
  readonly updatedAt: string;

  @WholeNumber({ min: 1, max: 2_147_483_647, description: 'As in the ETag' })
  readonly revision: number;
}

export class EndpointWithSecretDto extends EndpointDto {
  @Text({
    max: 60,
    example: 'whsec_QzPdzq1C9pQyKNvPkSDm1uXUXF6xIO3mmSPSPe6w4Fs=',
    description: 'What deliveries are signed with, shown this once',
  })
  readonly secret: string;
}

export class RotationDto {
  @WholeNumber({
    min: 0,
    max: 168,
    example: 24,
    optional: true,
    description:
      'Hours for which deliveries are signed with the former secret too; 0 ends every former one at once',
  })
  readonly overlapHours: number = 24;
}

export class DeliveryQuery extends PageQuery {
  @OneOf(DELIVERY_STATUSES, { optional: true, description: 'dead: given up after three days' })
  readonly status?: DeliveryStatus;
}

export class DeliveryDto {
  @Uuid()
  readonly id: string;

  @Uuid({ description: 'The webhook-id header of every attempt' })
  readonly eventId: string;

  @OneOf([...EVENT_TYPES, TEST_EVENT])
  readonly type: string;

  @Uuid({ nullable: true, description: 'null for a test' })
  readonly applicationId: string | null;

  @Instant({ example: '2026-11-20T10:00:00.000Z', description: 'When it happened' })
  readonly at: string;

  @OneOf(DELIVERY_STATUSES)
  readonly status: string;

  @WholeNumber({ min: 0, max: 1_000, description: 'Since it was last asked for' })
  readonly attempts: number;

  @Instant({
    nullable: true,
    example: '2026-11-20T10:01:00.000Z',
    description: 'Not before, and after every earlier event of the application; null once it is settled',
  })
  readonly nextAttemptAt: string | null;

  @Instant({ nullable: true, example: '2026-11-20T10:00:01.000Z' })
  readonly settledAt: string | null;

  @OneOf(OUTCOMES, { nullable: true })
  readonly lastOutcome: string | null;
}

export class AttemptDto {
  @Instant({ example: '2026-11-20T10:00:00.000Z' })
  readonly at: string;

  @OneOf(OUTCOMES)
  readonly outcome: string;

  @WholeNumber({ min: 100, max: 999, example: 204, nullable: true })
  readonly httpStatus: number | null;

  @WholeNumber({ min: 0, max: 2_147_483_647, example: 87 })
  readonly elapsedMs: number;
}

export class DeliveryWithAttemptsDto extends DeliveryDto {
  @ListOf(() => AttemptDto, { max: 1_000, description: 'Oldest first' })
  readonly attemptLog: AttemptDto[];
}

export class ReplayedDto {
  @WholeNumber({ min: 0, max: 2_147_483_647, example: 12 })
  readonly replayed: number;
}
