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
  document: { en: 'document', fr: 'l’un de vos documents' },
  documents: { en: 'documents', fr: 'vos documents' },
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

/** “votre motivation, vos formations et votre nom”, “your motivation, education and family name”. */
export function fieldsInWords(fields: readonly string[], locale: Locale): string {
  const names = fields.map((field) => FIELDS[field]?.[locale] ?? field);
  const list = new Intl.ListFormat(locale === 'fr' ? 'fr' : 'en-GB', { type: 'conjunction' }).format(names);
  return locale === 'fr' ? list : `your ${list}`;
}
