import { AGENCY_PURPOSES, WINDOWS } from '../../../disclosure/index.js';
import { HIGHEST_BUDGET } from '../../../modules/agencies/index.js';
import { Instant, ListOf, Nested, OneOf, Uuid, WholeNumber } from '../../../platform/http/fields.js';

const COUNT = { min: 0, max: 2_147_483_647 } as const;
const LIMIT = { min: 0, max: HIGHEST_BUDGET } as const;

export class BudgetOrderDto {
  @WholeNumber({ ...LIMIT, optional: true, example: 500, description: 'Different candidates in an hour' })
  readonly hour?: number;

  @WholeNumber({ ...LIMIT, optional: true, example: 2_000, description: 'In 24 hours' })
  readonly day?: number;

  @WholeNumber({ ...LIMIT, optional: true, example: 5_000, description: 'In 30 days' })
  readonly month?: number;

  @Instant({ example: '2026-12-31T18:00:00.000Z', description: 'Within the next 92 days' })
  readonly until: string;
}

export class SetBudgetDto {
  @WholeNumber({
    ...LIMIT,
    nullable: true,
    example: 500,
    description: 'null: what follows from the applications',
  })
  readonly hour: number | null;

  @WholeNumber({ ...LIMIT, nullable: true, example: 2_000 })
  readonly day: number | null;

  @WholeNumber({ ...LIMIT, nullable: true, example: 5_000 })
  readonly month: number | null;

  @Instant({ example: '2026-12-31T18:00:00.000Z' })
  readonly until: string;
}

export class UsedLimitDto {
  @OneOf(['agency', 'client', 'purpose'])
  readonly reach: string;

  @Uuid({ nullable: true, description: 'Where the reach is a client' })
  readonly clientId: string | null;

  @OneOf(AGENCY_PURPOSES, { nullable: true, description: 'Where the reach is a purpose' })
  readonly purpose: string | null;

  @OneOf(WINDOWS, { description: 'The running hour, 24 hours or 30 days; it moves by whole hours' })
  readonly window: string;

  @WholeNumber({ ...COUNT, example: 100 })
  readonly limit: number;

  @WholeNumber({ ...COUNT, example: 12 })
  readonly used: number;
}

export class BudgetDto {
  @WholeNumber({ ...COUNT, example: 380, description: 'Applications that are not over' })
  readonly openApplications: number;

  @Nested(() => SetBudgetDto, { nullable: true, description: 'By operators, while it lasts' })
  readonly set: SetBudgetDto | null;

  @ListOf(() => UsedLimitDto, { max: 3_000, description: 'As they count now' })
  readonly limits: UsedLimitDto[];
}
