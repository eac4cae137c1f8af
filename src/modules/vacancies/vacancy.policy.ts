import type { FieldError } from '../../kernel/errors.js';
import type { VacancyContent, VacancyStatus } from './vacancy.js';

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

/** What a change would do to candidates who have already read or answered the vacancy. */
export function changeProblems(
  before: VacancyContent & { readonly status: VacancyStatus },
  after: VacancyContent,
  hasSubmissions: boolean,
): readonly FieldError[] {
  if (before.status === 'draft') return [];
  const shortened = after.deadline < before.deadline;
  const requestioned = hasSubmissions && JSON.stringify(before.questions) !== JSON.stringify(after.questions);
  const demanding =
    hasSubmissions && after.requiredDocuments.some((kind) => !before.requiredDocuments.includes(kind));
  const named = before.anonymousReview && !after.anonymousReview;
  return [
    ...(shortened
      ? [
          problem(
            '/deadline',
            'shortened',
            'A published deadline is never shortened.',
            "Une date limite publiée n'est jamais avancée.",
          ),
        ]
      : []),
    ...(requestioned
      ? [
          problem(
            '/questions',
            'frozen',
            'Candidates have answered these questions already.',
            'Des candidats ont déjà répondu à ces questions.',
          ),
        ]
      : []),
    ...(demanding
      ? [
          problem(
            '/requiredDocuments',
            'frozen',
            'Candidates have applied without these documents already.',
            'Des candidats ont déjà postulé sans ces documents.',
          ),
        ]
      : []),
    ...(named
      ? [
          problem(
            '/anonymousReview',
            'frozen',
            'An anonymous review stays anonymous.',
            'Un examen anonyme le reste.',
          ),
        ]
      : []),
  ];
}
