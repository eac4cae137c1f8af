import { type AlertLevel, SUMMARY_KEYS, type SummaryKey } from '../../../ledger/index.js';
import { Instant, ListOf, OneOf, Text, WholeNumber } from '../../../platform/http/fields.js';
import { PageQuery } from '../../../platform/http/index.js';
import { EventDto } from '../events/event.dtos.js';

export class SummaryQuery {
  @OneOf(SUMMARY_KEYS, { example: 'day', description: 'What is counted; a day is one of UTC' })
  readonly by: SummaryKey;

  @Instant({
    optional: true,
    example: '2026-11-01T00:00:00Z',
    description: 'Inclusive. Default: 30 days before the end',
  })
  readonly from?: string;

  @Instant({ optional: true, description: 'Exclusive. Default: now. At most 366 days after the beginning' })
  readonly to?: string;
}

const whole = (description: string): PropertyDecorator =>
  WholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER, example: 12, description });

class SummaryGroupDto {
  @Text({
    max: 128,
    nullable: true,
    example: '2026-11-23',
    description: 'The day, actor, agency or action; `null` counts the entries that have none',
  })
  readonly key: string | null;

  @whole('Entries')
  readonly entries: number;

  @whole('Of these, what was allowed')
  readonly allowed: number;

  @whole('Of these, what was refused')
  readonly refused: number;

  @whole('Of these, what failed')
  readonly failed: number;

  @whole('Sum of the entries’ own counts: what they touched, where a request touched several at once')
  readonly count: number;
}

export class SummaryDto {
  @OneOf(SUMMARY_KEYS)
  readonly by: SummaryKey;

  @Instant({ example: '2026-11-01T00:00:00.000Z' })
  readonly from: string;

  @Instant({ example: '2026-12-01T00:00:00.000Z' })
  readonly to: string;

  @whole('Entries in all')
  readonly entries: number;

  @ListOf(() => SummaryGroupDto, {
    max: 400,
    description:
      'Every day in its order, those without an entry too; of anything else the hundred with the most entries',
  })
  readonly groups: SummaryGroupDto[];
}

export class AlertsQuery extends PageQuery {
  @Instant({ optional: true, example: '2026-11-01T00:00:00Z', description: 'Inclusive' })
  readonly from?: string;

  @Instant({ optional: true, description: 'Exclusive' })
  readonly to?: string;
}

export class AlertDto extends EventDto {
  @Text({
    max: 300,
    nullable: true,
    example:
      'It was shown 80 different candidates within an hour, far more than what it has read so far, if anything, would suggest.',
    description: 'Why, of what is unusual rather than wrong',
  })
  readonly explanation: string | null;

  @OneOf(['warning', 'critical'], {
    description: '`critical` is what happens only when something is wrong',
  })
  readonly level: AlertLevel;
}
