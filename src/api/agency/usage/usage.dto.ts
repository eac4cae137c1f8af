import { AGENCY_PURPOSES, WINDOWS } from '../../../disclosure/index.js';
import { Instant, ListOf, OneOf, Uuid, WholeNumber } from '../../../platform/http/fields.js';

const COUNT = { min: 0, max: 2_147_483_647 } as const;

export class LimitDto {
  @OneOf(['agency', 'client', 'purpose'], {
    description: 'Whose reading is counted: the agency’s altogether, one client’s, or that for one purpose',
  })
  readonly reach: string;

  @Uuid({ nullable: true, description: 'Where the reach is a client' })
  readonly clientId: string | null;

  @OneOf(AGENCY_PURPOSES, { nullable: true, description: 'Where the reach is a purpose' })
  readonly purpose: string | null;

  @OneOf(WINDOWS, { description: 'The running hour, 24 hours or 30 days; it moves by whole hours' })
  readonly window: string;

  @WholeNumber({ ...COUNT, example: 100, description: 'Different candidates that may be read within it' })
  readonly limit: number;

  @WholeNumber({ ...COUNT, example: 12 })
  readonly used: number;

  @WholeNumber({ ...COUNT, example: 88 })
  readonly left: number;

  @Instant({
    nullable: true,
    example: '2026-11-21T10:00:00.000Z',
    description: 'When the oldest of what is used counts no more, unless the same candidates are read again',
  })
  readonly resetsAt: string | null;
}

export class UsageDto {
  @Instant({
    nullable: true,
    example: '2026-12-31T18:00:00.000Z',
    description: 'Until when limits are what operators have set; null: they follow from the applications',
  })
  readonly setUntil: string | null;

  @WholeNumber({
    ...COUNT,
    example: 380,
    description: 'Applications that are not over: the limits grow with them',
  })
  readonly openApplications: number;

  @ListOf(() => LimitDto, {
    max: 3_000,
    description:
      'Of the agency, of each client that has read within 30 days, of each purpose; in each window',
  })
  readonly limits: LimitDto[];
}
