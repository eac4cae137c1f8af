import type { Bilingual } from '../../../kernel/errors.js';
import type { FieldCount } from '../impact/figures.js';
import type { Part } from '../impact/parts.js';

/** What the authority's form tells apart, in its order. Professional life is none of its own there. */
const CATEGORIES = {
  identity: { en: 'Civil status', fr: 'État civil' },
  contact: { en: 'Contact details', fr: 'Coordonnées' },
  career: {
    en: 'Other data: professional life (education, experience, applications)',
    fr: 'Autres données : vie professionnelle (formation, expérience, candidatures)',
  },
  other: { en: 'Other data', fr: 'Autres données' },
  health: {
    en: 'Health (accommodation needs): sensitive, GDPR article 9',
    fr: 'Santé (besoins d’aménagement) : donnée sensible, article 9 du RGPD',
  },
  equality: {
    en: 'Answers for equality (sex, age band, disability): in part sensitive, GDPR article 9',
    fr: 'Réponses pour l’égalité (sexe, tranche d’âge, handicap) : en partie sensibles, article 9 du RGPD',
  },
} as const satisfies Record<string, Bilingual>;
type Category = keyof typeof CATEGORIES;
const NAMES = ['identity', 'contact', 'career', 'other', 'health', 'equality'] as const;

interface Described extends Bilingual {
  readonly category: Category;
  /** Whether anything may stand in it, sensitive data too. */
  readonly isFree?: true;
}

const PARTS: Readonly<Record<Part, Described>> = {
  givenName: { category: 'identity', en: 'First name', fr: 'Prénom' },
  familyName: { category: 'identity', en: 'Family name', fr: 'Nom' },
  usualName: { category: 'identity', en: 'Usual name', fr: 'Nom d’usage' },
  birthDate: { category: 'identity', en: 'Date of birth', fr: 'Date de naissance' },
  birthPlace: { category: 'identity', en: 'Place of birth', fr: 'Lieu de naissance' },
  nationality: { category: 'identity', en: 'Nationality', fr: 'Nationalité' },
  email: { category: 'contact', en: 'E-mail address', fr: 'Adresse électronique' },
  telephone: { category: 'contact', en: 'Telephone number', fr: 'Numéro de téléphone' },
  address: { category: 'contact', en: 'Postal address', fr: 'Adresse postale' },
  education: { category: 'career', isFree: true, en: 'Education', fr: 'Formations' },
  experience: { category: 'career', isFree: true, en: 'Professional experience', fr: 'Expériences' },
  languages: { category: 'career', en: 'Languages', fr: 'Langues' },
  preferences: { category: 'career', isFree: true, en: 'Posts and places sought', fr: 'Postes recherchés' },
  motivation: { category: 'career', isFree: true, en: 'Statement of motivation', fr: 'Texte de motivation' },
  answers: {
    category: 'career',
    isFree: true,
    en: 'Answers to the agency’s questions',
    fr: 'Réponses aux questions de l’organisme',
  },
  documents: {
    category: 'career',
    isFree: true,
    en: 'List of documents, with the names of the files',
    fr: 'Liste des documents, avec le nom des fichiers',
  },
  document: { category: 'career', isFree: true, en: 'Contents of documents', fr: 'Contenu de documents' },
  decision: {
    category: 'career',
    isFree: true,
    en: 'Decisions on an application',
    fr: 'Décisions sur une candidature',
  },
  similar_vacancies: {
    category: 'other',
    en: 'Consent to mails about similar vacancies',
    fr: 'Accord sur les offres semblables',
  },
  talent_pool: { category: 'other', en: 'Consent to the talent pool', fr: 'Accord sur le vivier' },
  accommodations: {
    category: 'health',
    isFree: true,
    en: 'Accommodation needs because of a disability',
    fr: 'Besoins d’aménagement liés à un handicap',
  },
  diversity: { category: 'equality', en: 'Answers for equality', fr: 'Réponses pour l’égalité' },
};

const BY_NAME: Readonly<Record<string, Described>> = PARTS;

/** A field that has no words appears under its own name, for somebody to look into. */
const describe = (field: string): Described =>
  BY_NAME[field] ?? {
    category: 'other',
    isFree: true,
    en: `[${field}: to be described]`,
    fr: `[${field} : à décrire]`,
  };

export interface CategoryCount {
  readonly category: Bilingual;
  /** Each with how many people it was given of. */
  readonly parts: readonly { readonly words: Bilingual; readonly subjects: number }[];
}

/** Kinds of data by category, in the form's order; categories without any are left out. */
export function byCategory(counts: readonly FieldCount[]): readonly CategoryCount[] {
  const described = counts.map(({ field, subjects }) => ({ words: describe(field), subjects }));
  return NAMES.map((name) => ({
    category: CATEGORIES[name],
    parts: described.filter(({ words }) => words.category === name),
  })).filter(({ parts }) => parts.length > 0);
}

/** `yes`: by its nature (GDPR article 9); `possible`: a text or a file in which anything may stand; `no`: neither. */
export type Sensitivity = 'yes' | 'possible' | 'no';

export function sensitivityOf(counts: readonly FieldCount[]): Sensitivity {
  const described = counts.map(({ field }) => describe(field));
  if (described.some(({ category }) => category === 'health' || category === 'equality')) return 'yes';
  return described.some(({ isFree }) => isFree === true) ? 'possible' : 'no';
}
