import { Failure, type FieldError } from '../../kernel/errors.js';
import { EDUCATION, EXPERIENCE, LANGUAGES, profileProblems } from '../../modules/candidates/index.js';
import { RequestValidationPipe } from '../../platform/http/validation.js';
import { type CanaryTexts, CanaryTextsFile } from './canary-texts.dtos.js';

/**
 * Who the canaries are and what they write, from a file of their operators’ own: whatever this source said of them,
 * whoever has it could look for.
 * @param file JSON, as `CanaryTextsFile` has it
 * @param today `YYYY-MM-DD`
 * @throws Failure `invalid_request`, `unknown_member`, `malformed_request`, which name what is wrong and never quote it
 */
export async function readCanaryTexts(file: string, today: string): Promise<readonly CanaryTexts[]> {
  const given = await new RequestValidationPipe().transform(parsed(file), {
    type: 'body',
    metatype: CanaryTextsFile,
  });
  if (!(given instanceof CanaryTextsFile)) throw new Error('What was validated is of its class.');
  const { canaries } = given;
  const problems = [...canaries.flatMap((texts, at) => problemsOf(texts, at, today)), ...repeated(canaries)];
  if (problems.length > 0) throw new Failure('invalid_request', { fields: problems });
  return canaries;
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(file);
  } catch {
    throw new Failure('malformed_request', {
      detail: { en: 'The file with the texts is not JSON.', fr: "Le fichier des textes n'est pas du JSON." },
    });
  }
}

/** What a candidate would be refused, said now and not to nobody when the canary lives. */
function problemsOf(texts: CanaryTexts, at: number, today: string): readonly FieldError[] {
  const { birthDate, education, experience = [], languages } = texts;
  const birth = profileProblems({ identity: { birthDate } }, today).map((problem) => ({
    ...problem,
    pointer: '/birthDate',
  }));
  return [
    ...birth,
    ...below('/education', education, (entry) => EDUCATION.problems(entry, today)),
    ...below('/experience', experience, (entry) => EXPERIENCE.problems(entry, today)),
    ...below('/languages', languages, (entry) => LANGUAGES.problems(entry, today)),
  ].map((problem) => ({ ...problem, pointer: `/canaries/${at}${problem.pointer}` }));
}

const below = <T>(
  list: string,
  entries: readonly T[],
  problems: (entry: T) => readonly FieldError[],
): readonly FieldError[] =>
  entries.flatMap((entry, at) =>
    problems(entry).map((problem) => ({ ...problem, pointer: `${list}/${at}${problem.pointer}` })),
  );

interface Passage {
  readonly pointer: string;
  readonly text: string;
}

/** Two who write the same words tell each other. */
function repeated(canaries: readonly CanaryTexts[]): readonly FieldError[] {
  const seen = new Set<string>();
  return canaries.flatMap(passages).flatMap(({ pointer, text }): readonly FieldError[] => {
    const words = text.normalize('NFKC').toLowerCase().split(/\s+/u).filter(Boolean).join(' ');
    const isRepeated = seen.has(words);
    seen.add(words);
    return isRepeated ? [{ pointer, code: 'repeated', detail: REPEATED }] : [];
  });
}

const REPEATED = {
  en: 'The same text stands above already: each is for one canary.',
  fr: 'Le même texte figure déjà plus haut : chacun sert à un seul leurre.',
};

function passages(
  { motivation, answers = [], education, experience = [] }: CanaryTexts,
  at: number,
): Passage[] {
  const described = (list: string, entries: readonly { readonly description?: string }[]) =>
    entries.flatMap(({ description }, index) =>
      description === undefined ? [] : [{ pointer: `${list}/${index}/description`, text: description }],
    );
  return [
    { pointer: '/motivation', text: motivation },
    ...answers.map((text, index) => ({ pointer: `/answers/${index}`, text })),
    ...described('/education', education),
    ...described('/experience', experience),
  ].map(({ pointer, text }) => ({ pointer: `/canaries/${at}${pointer}`, text }));
}
