import type { Bilingual } from '../../../kernel/errors.js';

/** Categories of data as CNIL's form asks for them. */
const CATEGORIES = {
  identity: { en: 'Civil status', fr: 'État civil' },
  contact: { en: 'Contact details', fr: 'Coordonnées' },
  career: {
    en: 'Professional life (education, experience, application)',
    fr: 'Vie professionnelle (formation, expérience, candidature)',
  },
  health: {
    en: 'Health (accommodation needs): sensitive, GDPR article 9',
    fr: 'Santé (besoins d’aménagement) : donnée sensible, article 9 du RGPD',
  },
  equality: {
    en: 'Answers for equality (sex, age band, disability): in part sensitive, GDPR article 9',
    fr: 'Réponses pour l’égalité (sexe, tranche d’âge, handicap) : en partie sensibles, article 9 du RGPD',
  },
  other: { en: 'Other', fr: 'Autres' },
} as const satisfies Record<string, Bilingual>;
type Category = keyof typeof CATEGORIES;

const FIELDS_OF: Readonly<Record<Exclude<Category, 'other'>, readonly string[]>> = {
  identity: ['identity', 'givenName', 'familyName', 'usualName', 'birthDate', 'birthPlace', 'nationality'],
  contact: ['contact', 'email', 'telephone', 'address'],
  career: [
    'education',
    'experience',
    'languages',
    'preferences',
    'motivation',
    'answers',
    'document',
    'documents',
    'snapshot',
  ],
  health: ['accommodations'],
  equality: ['diversity'],
};
const NAMES = ['identity', 'contact', 'career', 'health', 'equality', 'other'] as const;

const categoryOf = (field: string): Category =>
  NAMES.find((name) => name !== 'other' && FIELDS_OF[name].includes(field)) ?? 'other';

export interface CategoryCount {
  readonly category: Bilingual;
  /** Each with how many people it was given of. */
  readonly fields: readonly { readonly field: string; readonly subjects: number }[];
}

/** Fields by category, in the form's order; categories without any are left out. */
export function byCategory(
  fields: readonly { readonly field: string; readonly subjects: number }[],
): readonly CategoryCount[] {
  return NAMES.map((name) => ({
    category: CATEGORIES[name],
    fields: fields.filter(({ field }) => categoryOf(field) === name),
  })).filter((count) => count.fields.length > 0);
}

/** Whether something of it is sensitive (GDPR article 9). */
export const isSensitive = (fields: readonly { readonly field: string }[]): boolean =>
  fields.some(({ field }) => ['health', 'equality'].includes(categoryOf(field)));
