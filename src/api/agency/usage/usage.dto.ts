import { Instant, ListOf, Uuid, WholeNumber } from '../../../platform/http/fields.js';

const COUNT = { min: 0, max: 2_147_483_647 } as const;

export class ReturnDto {
  @Instant({ example: '2026-11-21T10:00:00.000Z' })
  readonly at: string;

  @WholeNumber({ ...COUNT, min: 1, example: 12 })
  readonly candidates: number;
}

export class ClientUsageDto {
  @Uuid()
  readonly clientId: string;

  @WholeNumber({
    ...COUNT,
    min: 1,
    example: 12,
    description: 'Different candidates; two clients can share some',
  })
  readonly candidates: number;
}

export class UsageDto {
  @WholeNumber({ ...COUNT, example: 24, description: 'The window that is counted; it moves by whole hours' })
  readonly windowHours: number;

  @WholeNumber({
    ...COUNT,
    example: 380,
    description: 'Applications that are not over: the limit grows with them',
  })
  readonly openApplications: number;

  @WholeNumber({
    ...COUNT,
    example: 76,
    description: 'Different candidates that may be read within the window',
  })
  readonly limit: number;

  @WholeNumber({ ...COUNT, example: 12 })
  readonly spent: number;

  @WholeNumber({ ...COUNT, example: 64 })
  readonly left: number;

  @ListOf(() => ReturnDto, {
    max: 24,
    description:
      'When what is spent comes back, soonest first, unless the same candidates are read again before',
  })
  readonly returns: ReturnDto[];

  @ListOf(() => ClientUsageDto, {
    max: 1_000,
    description: 'Which of the agency’s clients has read how many',
  })
  readonly clients: ClientUsageDto[];
}
