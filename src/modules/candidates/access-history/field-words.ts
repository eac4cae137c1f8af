import type { Bilingual } from '../../../kernel/errors.js';
import type { Locale } from '../../../kernel/context.js';

/** What belongs to the person who reads the sentence. */
const FIELDS: Readonly<Record<string, Bilingual>> = {
  identity: { en: 'civil status', fr: 'votre état civil' },
  contact: { en: 'contact details', fr: 'vos coordonnées' },
  address: { en: 'postal address', fr: 'votre adresse postale' },
  preferences: { en: 'preferences', fr: 'vos préférences' },
  accommodations: { en: 'accommodation needs', fr: 'vos besoins d’aménagement' },
  education: { en: 'education', fr: 'vos formations' },
  experience: { en: 'experience', fr: 'vos expériences' },
  languages: { en: 'languages', fr: 'vos langues' },
  diversity: { en: 'answers for equality', fr: 'vos réponses pour l’égalité' },
  motivation: { en: 'motivation', fr: 'votre motivation' },
  answers: { en: 'answers', fr: 'vos réponses' },
  document: { en: 'the contents of one of your documents', fr: 'le contenu de l’un de vos documents' },
  documents: {
    en: 'the list of your documents with their file names',
    fr: 'la liste de vos documents avec le nom des fichiers',
  },
  decision: { en: 'the decisions on your application', fr: 'les décisions sur votre candidature' },
  snapshot: { en: 'submitted profile', fr: 'votre profil déposé' },
  givenName: { en: 'first name', fr: 'votre prénom' },
  familyName: { en: 'family name', fr: 'votre nom' },
  usualName: { en: 'usual name', fr: 'votre nom d’usage' },
  email: { en: 'e-mail address', fr: 'votre adresse électronique' },
  telephone: { en: 'telephone number', fr: 'votre numéro de téléphone' },
  birthDate: { en: 'birth date', fr: 'votre date de naissance' },
  birthPlace: { en: 'birth place', fr: 'votre lieu de naissance' },
  consent: { en: 'consents', fr: 'vos consentements' },
  similar_vacancies: {
    en: 'consent to mails about similar vacancies',
    fr: 'votre accord sur les offres semblables',
  },
  talent_pool: { en: 'consent to the talent pool', fr: 'votre accord sur le vivier' },
  nationality: { en: 'nationality', fr: 'votre nationalité' },
};

/** Of one access it is one document. */
const OF_SEVERAL: Readonly<Record<string, Bilingual>> = {
  document: {
    en: 'the contents of at least one of your documents',
    fr: 'le contenu d’au moins un de vos documents',
  },
};

/**
 * “votre motivation, vos formations et votre nom”, “your motivation, education and family name”.
 * @param accesses whether they are those of one access, or of any number
 */
export function fieldsInWords(
  fields: readonly string[],
  locale: Locale,
  accesses: 'one' | 'several' = 'one',
): string {
  const words = accesses === 'one' ? FIELDS : { ...FIELDS, ...OF_SEVERAL };
  const names = fields.map((field) => words[field]?.[locale] ?? field);
  return locale === 'fr' ? listed(names, 'fr') : inEnglish(names);
}

/** One “your” is for all; what has an article of its own comes after. */
function inEnglish(names: readonly string[]): string {
  const [last, first] = [names.filter(hasArticle), names.filter((name) => !hasArticle(name))];
  const list = listed([...first, ...last], 'en-GB');
  return first.length === 0 ? list : `your ${list}`;
}

const hasArticle = (name: string): boolean => name.startsWith('the ');

const listed = (names: readonly string[], language: string): string =>
  new Intl.ListFormat(language, { type: 'conjunction' }).format(names);
