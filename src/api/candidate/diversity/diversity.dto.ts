import { DIVERSITY_QUESTIONS, type Diversity } from '../../../modules/candidates/index.js';
import { Instant, OneOf, YesNo } from '../../../platform/http/fields.js';

const MAYBE = { optional: true, nullable: true } as const;

export class DiversityBody {
  @OneOf(DIVERSITY_QUESTIONS.sex, { ...MAYBE, description: '`null` or left out: not answered' })
  readonly sex?: NonNullable<Diversity['sex']> | null;

  @OneOf(DIVERSITY_QUESTIONS.ageBand, { ...MAYBE, example: '26_35' })
  readonly ageBand?: NonNullable<Diversity['ageBand']> | null;

  @OneOf(DIVERSITY_QUESTIONS.disability, {
    ...MAYBE,
    example: 'no',
    description: 'Whether a disability is recognised (RQTH) or would be',
  })
  readonly disability?: NonNullable<Diversity['disability']> | null;
}

export class DiversityDto extends DiversityBody {
  @Instant({ nullable: true, example: '2026-11-23T09:30:00.000Z', description: '`null`: no answers' })
  readonly updatedAt: string | null;

  @YesNo({ example: false, description: 'The stored value cannot be read; the answers show as `null`' })
  readonly unreadable: boolean;
}
