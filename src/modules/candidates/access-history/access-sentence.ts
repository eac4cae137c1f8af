import type { Locale } from '../../../kernel/context.js';
import type { Bilingual } from '../../../kernel/errors.js';
import {
  describeAction,
  type EntryPurpose,
  type Outcome,
  type SubjectAccess,
} from '../../../ledger/index.js';

const WHO: Readonly<Record<string, Bilingual>> = {
  candidate: { en: 'Your account', fr: 'Votre compte' },
  agency: { en: 'An agency', fr: 'Un organisme' },
  auditor: { en: 'An auditor', fr: 'Un auditeur' },
  operator: { en: 'An operator', fr: 'Un opérateur' },
  system: { en: 'The service itself', fr: 'Le service lui-même' },
  anonymous: { en: 'Someone not signed in', fr: 'Une personne non connectée' },
};

const FIELDS: Readonly<Record<string, Bilingual>> = {
  identity: { en: 'civil status', fr: 'état civil' },
  contact: { en: 'contact details', fr: 'coordonnées' },
  address: { en: 'postal address', fr: 'adresse postale' },
  preferences: { en: 'preferences', fr: 'préférences' },
  accommodations: { en: 'accommodation needs', fr: "besoins d'aménagement" },
  education: { en: 'education', fr: 'formations' },
  experience: { en: 'experience', fr: 'expériences' },
  languages: { en: 'languages', fr: 'langues' },
  motivation: { en: 'motivation', fr: 'motivation' },
  answers: { en: 'answers', fr: 'réponses' },
  documents: { en: 'documents', fr: 'documents' },
  snapshot: { en: 'submitted profile', fr: 'profil déposé' },
  givenName: { en: 'first name', fr: 'prénom' },
  familyName: { en: 'family name', fr: 'nom' },
  email: { en: 'e-mail address', fr: 'adresse électronique' },
  telephone: { en: 'telephone number', fr: 'numéro de téléphone' },
  birthDate: { en: 'birth date', fr: 'date de naissance' },
  birthPlace: { en: 'birth place', fr: 'lieu de naissance' },
  nationality: { en: 'nationality', fr: 'nationalité' },
};

const PURPOSES: Readonly<Record<Exclude<EntryPurpose, 'own_data'>, Bilingual>> = {
  review: { en: 'Purpose: review of the application.', fr: 'Finalité : examen de la candidature.' },
  interview: { en: 'Purpose: interview.', fr: 'Finalité : entretien.' },
  offer: { en: 'Purpose: offer.', fr: "Finalité : proposition d'emploi." },
  onboarding: { en: 'Purpose: taking up the post.', fr: 'Finalité : prise de poste.' },
};

const OUTCOMES: Readonly<Record<Exclude<Outcome, 'allowed'>, Bilingual>> = {
  refused: { en: 'This was refused: nothing was given.', fr: "Refusé : rien n'a été communiqué." },
  failed: {
    en: 'This failed: the values named could not be read.',
    fr: "Échec : ces données n'ont pas pu être lues.",
  },
};

/** Who did what to which fields, why, and with what outcome, for the person concerned to read. */
export function accessSentence(access: SubjectAccess, agency: string | undefined, locale: Locale): string {
  const { action, actorKind, fields, outcome, purpose } = access;
  const who = (actorKind === 'agency' ? agency : undefined) ?? WHO[actorKind]?.[locale] ?? actorKind;
  const names = fields.map((field) => FIELDS[field]?.[locale] ?? field);
  const colon = locale === 'fr' ? ' : ' : ': ';
  const what = `${describeAction(action, locale)}${names.length === 0 ? '' : colon + names.join(', ')}`;
  return [
    `${who} ${what}.`,
    ...(purpose === null || purpose === 'own_data' ? [] : [PURPOSES[purpose][locale]]),
    ...(outcome === 'allowed' ? [] : [OUTCOMES[outcome][locale]]),
  ].join(' ');
}
