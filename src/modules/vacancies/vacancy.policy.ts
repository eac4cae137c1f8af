import type { FieldError } from '../../kernel/errors.js';
import type { VacancyContent } from './vacancy.js';

const problem = (pointer: string, code: string, en: string, fr: string): FieldError => ({
  pointer,
  code,
  detail: { en, fr },
});

/** What is wrong with a vacancy whatever its state. */
export function contentProblems({ questions }: VacancyContent): readonly FieldError[] {
  const ids = questions.map((question) => question.id);
  return questions.flatMap((question, at) => [
    ...(ids.indexOf(question.id) < at
      ? [
          problem(
            `/questions/${at}/id`,
            'repeated',
            'Each question needs an id of its own.',
            'Chaque question doit avoir son identifiant.',
          ),
        ]
      : []),
    ...((question.kind === 'choice') === question.choices.length > 1
      ? []
      : [
          problem(
            `/questions/${at}/choices`,
            'invalid',
            'A choice needs two choices or more; other kinds have none.',
            'Un choix demande au moins deux réponses possibles ; les autres questions n’en ont pas.',
          ),
        ]),
  ]);
}
