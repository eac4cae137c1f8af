import { isDeepStrictEqual } from 'node:util';
import type { Bilingual, FieldError } from '../../kernel/errors.js';
import type { VacancyContent, VacancyStatus } from './vacancy.js';

/** How far candidates have come with a vacancy: nobody has seen it, they read it, somebody has applied. */
type Stage = 'draft' | 'read' | 'applied_for';

type Rule = 'free' | 'never_earlier' | 'never_more' | 'frozen';

/** What an agency may still change. Archived, it may change nothing. */
export const CHANGE_RULES: Readonly<Record<keyof VacancyContent, Readonly<Record<Stage, Rule>>>> = {
  // Mistakes in texts are mended to the last day.
  title: { draft: 'free', read: 'free', applied_for: 'free' },
  description: { draft: 'free', read: 'free', applied_for: 'free' },
  department: { draft: 'free', read: 'free', applied_for: 'frozen' },
  category: { draft: 'free', read: 'free', applied_for: 'frozen' },
  contract: { draft: 'free', read: 'free', applied_for: 'frozen' },
  remote: { draft: 'free', read: 'free', applied_for: 'frozen' },
  deadline: { draft: 'free', read: 'never_earlier', applied_for: 'never_earlier' },
  timeZone: { draft: 'free', read: 'frozen', applied_for: 'frozen' },
  openings: { draft: 'free', read: 'free', applied_for: 'free' },
  questions: { draft: 'free', read: 'free', applied_for: 'frozen' },
  requiredDocuments: { draft: 'free', read: 'free', applied_for: 'never_more' },
  // An application is anonymous or not from its first draft on, and nobody is told otherwise afterwards.
  anonymousReview: { draft: 'free', read: 'frozen', applied_for: 'frozen' },
};

const CONTENT = [
  'title',
  'description',
  'department',
  'category',
  'contract',
  'remote',
  'deadline',
  'timeZone',
  'openings',
  'questions',
  'requiredDocuments',
  'anonymousReview',
] as const satisfies readonly (keyof VacancyContent)[];

const SHORTENED: Bilingual = {
  en: 'A published deadline is never brought forward.',
  fr: "Une date limite publiée n'est jamais avancée.",
};
const READ: Bilingual = {
  en: 'Candidates have read this: it stays as it was published.',
  fr: 'Des candidats ont lu cette information : elle reste telle qu’elle a été publiée.',
};
const APPLIED: Bilingual = {
  en: 'Candidates have applied on these terms already.',
  fr: 'Des candidats ont déjà postulé sur cette base.',
};

/** What a change would do to candidates who have already read or answered the vacancy; nothing when it may be made. */
export function changeProblems(
  before: VacancyContent & { readonly status: VacancyStatus },
  after: VacancyContent,
  hasSubmissions: boolean,
): readonly FieldError[] {
  const stage = before.status === 'draft' ? 'draft' : hasSubmissions ? 'applied_for' : 'read';
  return CONTENT.flatMap((name) => {
    const rule = CHANGE_RULES[name][stage];
    if (isAllowed(rule, before[name], after[name])) return [];
    const [code, detail] =
      rule === 'never_earlier'
        ? (['shortened', SHORTENED] as const)
        : (['frozen', stage === 'read' ? READ : APPLIED] as const);
    return [{ pointer: `/${name}`, code, detail }];
  });
}

function isAllowed(rule: Rule, before: unknown, after: unknown): boolean {
  switch (rule) {
    case 'free':
      return true;
    case 'frozen':
      // Not as text: the database gives an object's members in an order of its own.
      return isDeepStrictEqual(before, after);
    case 'never_earlier':
      return before instanceof Date && after instanceof Date && after >= before;
    case 'never_more':
      return Array.isArray(before) && Array.isArray(after) && after.every((one) => before.includes(one));
  }
}
