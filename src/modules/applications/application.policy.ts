import type { FieldError } from '../../kernel/errors.js';
import type { AttachedDocument, DocumentKind } from '../documents/index.js';
import type { Question, Vacancy } from '../vacancies/index.js';
import type { Answer } from './answer.js';

const gap = (pointer: string, code: string, en: string, fr: string): FieldError => ({
  pointer,
  code,
  detail: { en, fr },
});

/** What is wrong with answers that a draft may already hold: each must fit its question. */
export function answerProblems(
  questions: readonly Question[],
  answers: readonly Answer[],
): readonly FieldError[] {
  const ids = answers.map((answer) => answer.questionId);
  return answers.flatMap((answer, at) => {
    const question = questions.find(({ id }) => id === answer.questionId);
    const pointer = `/answers/${at}/value`;
    if (question === undefined) {
      return [
        gap(
          `/answers/${at}/questionId`,
          'not_allowed',
          'The vacancy has no such question.',
          "L'offre n'a pas cette question.",
        ),
      ];
    }
    if (ids.indexOf(answer.questionId) < at) {
      return [
        gap(
          `/answers/${at}/questionId`,
          'repeated',
          'This question is answered twice.',
          'Cette question a deux réponses.',
        ),
      ];
    }
    return fits(question, answer.value)
      ? []
      : [
          gap(
            pointer,
            'not_allowed',
            'The answer does not fit its question.',
            'La réponse ne correspond pas à la question.',
          ),
        ];
  });
}

function fits({ kind, choices }: Question, value: Answer['value']): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string';
    case 'choice':
      return typeof value === 'string' && choices.includes(value);
    case 'yes_no':
      return typeof value === 'boolean';
  }
}

/** How a kind of document is called in a sentence. */
const KINDS_IN_WORDS: Readonly<Record<DocumentKind, { readonly en: string; readonly fr: string }>> = {
  cv: { en: 'a CV', fr: 'un CV' },
  cover_letter: { en: 'a cover letter', fr: 'une lettre de motivation' },
  diploma: { en: 'a diploma', fr: 'un diplôme' },
  transcript: { en: 'a transcript of records', fr: 'un relevé de notes' },
  certificate: { en: 'a certificate', fr: 'un certificat' },
  service_record: { en: 'a record of service', fr: 'un état des services' },
  portfolio: { en: 'a portfolio', fr: 'un portfolio' },
  other: { en: 'a further document', fr: 'un autre document' },
};

/** One of each required kind is enough; none may hold malware. */
function documentGaps(
  required: readonly DocumentKind[],
  attached: readonly AttachedDocument[],
): readonly FieldError[] {
  const there = new Set(attached.map(({ kind }) => kind));
  const missing = required.filter((kind) => !there.has(kind));
  return [
    ...missing.map((kind) => {
      const { en, fr } = KINDS_IN_WORDS[kind];
      return gap(`/documents/${kind}`, 'required', `Attach ${en}.`, `Joignez ${fr}.`);
    }),
    ...attached.flatMap(({ isQuarantined }, at) =>
      isQuarantined
        ? [
            gap(
              `/documents/${at}`,
              'quarantined',
              'Malware was found in this document: attach another.',
              'Un logiciel malveillant a été détecté dans ce document : joignez-en un autre.',
            ),
          ]
        : [],
    ),
  ];
}

const saysSomething = ({ value }: Answer): boolean => typeof value === 'boolean' || value.trim() !== '';

/** What candidates have written and attached. */
export interface Written {
  readonly motivation: string | null;
  readonly answers: readonly Answer[] | null;
  readonly documents: readonly AttachedDocument[];
}

/** What an application lacks before it can be submitted, apart from the profile; addressed within the application. */
export function applicationGaps(
  { questions, requiredDocuments }: Pick<Vacancy, 'questions' | 'requiredDocuments'>,
  { motivation, answers: given, documents }: Written,
): readonly FieldError[] {
  const answers = given ?? [];
  const answered = new Set(answers.filter(saysSomething).map(({ questionId }) => questionId));
  const missing = questions.filter(({ id, required }) => required && !answered.has(id));
  return [
    ...(motivation === null || motivation.trim() === ''
      ? [gap('/motivation', 'required', 'Say why you apply.', 'Expliquez votre motivation.')]
      : []),
    ...missing.map(({ id }) =>
      gap(
        `/answers/${id}`,
        'required',
        'This question needs an answer.',
        'Cette question demande une réponse.',
      ),
    ),
    ...answerProblems(questions, answers),
    ...documentGaps(requiredDocuments, documents),
  ];
}
