import { FIGURES_STATES } from '../../../modules/applications/index.js';
import { Instant, ListOf, OneOf, Text, WholeNumber } from '../../../platform/http/fields.js';

const QUESTIONS = ['sex', 'ageBand', 'disability'] as const;

class FigureDto {
  @Text({ max: 40, example: 'female', description: 'One of the question’s answers, or `unanswered`' })
  readonly answer: string;

  @WholeNumber({ min: 10, max: 1_000_000, example: 30, description: 'Rounded down to tens' })
  readonly atLeast: number;
}

class QuestionFiguresDto {
  @OneOf(QUESTIONS)
  readonly question: (typeof QUESTIONS)[number];

  @ListOf(() => FigureDto, {
    max: 10,
    description:
      'Without the answers of fewer than ten, and without those from which these could be calculated',
  })
  readonly counts: FigureDto[];
}

export class DiversityFiguresDto {
  @OneOf(FIGURES_STATES, {
    example: 'counted',
    description:
      'Counted once, soon after the vacancy is archived. `not_counted`: not yet, or nobody is there to be counted',
  })
  readonly state: (typeof FIGURES_STATES)[number];

  @Instant({ nullable: true, example: '2027-02-01T09:30:00.000Z' })
  readonly countedAt: string | null;

  @ListOf(() => QuestionFiguresDto, { max: 3 })
  readonly questions: QuestionFiguresDto[];
}
