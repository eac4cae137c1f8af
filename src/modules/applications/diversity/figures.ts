import { DIVERSITY_QUESTIONS, type DiversityQuestion } from '../../candidates/index.js';

/** Fewer than this many people are never told of as a group. */
const LEAST = 10;

/** How many gave an answer, rounded down to tens. */
export interface Figure {
  /** One of the question's, or `unanswered`. */
  readonly answer: string;
  readonly atLeast: number;
}

export interface QuestionFigures {
  readonly question: DiversityQuestion;
  /** Answers that are not here were given by too few, or would give away those. */
  readonly counts: readonly Figure[];
}

interface Cell {
  readonly answer: string;
  readonly count: number;
}

const QUESTIONS: readonly DiversityQuestion[] = ['sex', 'ageBand', 'disability'];

/**
 * What may be told of the applicants of one vacancy.
 * @param applicants how many there were, which their agency knows
 * @param counts how many gave each answer, by `question.answer`
 */
export function figuresOf(
  applicants: number,
  counts: ReadonlyMap<string, number>,
): readonly QuestionFigures[] {
  return QUESTIONS.map((question) => {
    const given = DIVERSITY_QUESTIONS[question].map((answer) => ({
      answer,
      count: counts.get(`${question}.${answer}`) ?? 0,
    }));
    const answered = given.reduce((sum, { count }) => sum + count, 0);
    const cells = [...given, { answer: 'unanswered', count: applicants - answered }];
    return { question, counts: publishable(cells) };
  });
}

/**
 * Withholds every count below ten, none included. Whoever knows the total could subtract the rest from it: so as long
 * as those withheld are fewer than ten people together, as one count alone always is, the smallest of the rest is too.
 */
function publishable(cells: readonly Cell[]): readonly Figure[] {
  const bySize = cells.toSorted((a, b) => a.count - b.count);
  let withheld = bySize.filter(({ count }) => count < LEAST).length;
  const isTelling = (): boolean => {
    const people = bySize.slice(0, withheld).reduce((sum, { count }) => sum + count, 0);
    return withheld > 0 && people < LEAST;
  };
  while (withheld < bySize.length && isTelling()) withheld += 1;
  const told = new Set(bySize.slice(withheld));
  return cells
    .filter((cell) => told.has(cell))
    .map(({ answer, count }) => ({ answer, atLeast: Math.floor(count / LEAST) * LEAST }));
}
