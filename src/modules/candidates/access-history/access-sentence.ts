import type { Locale } from '../../../kernel/context.js';
import type { Bilingual } from '../../../kernel/errors.js';
import { typeset } from '../../../kernel/wording.js';
import {
  describeAction,
  type EntryPurpose,
  isAction,
  type Outcome,
  type SubjectAccess,
} from '../../../ledger/index.js';
import { ACTION_WORDS, type ActionWords } from './action-words.js';
import { agencyInFrench } from './agency-in-words.js';
import { fieldsInWords } from './field-words.js';
import { momentInWords } from './moments.js';

const WHO: Readonly<Record<string, Bilingual>> = {
  candidate: { en: 'Your account', fr: 'Votre compte' },
  agency: { en: 'An agency', fr: 'Un organisme' },
  auditor: { en: 'An auditor', fr: 'Un auditeur' },
  operator: { en: 'An operator', fr: 'Un opérateur' },
  system: { en: 'The service itself', fr: 'Le service lui-même' },
  anonymous: { en: 'Someone not signed in', fr: 'Une personne non connectée' },
};

const PURPOSES: Readonly<Record<Exclude<EntryPurpose, 'own_data'>, Bilingual>> = {
  review: { en: 'review of the application', fr: 'examen de la candidature' },
  interview: { en: 'interview', fr: 'entretien' },
  offer: { en: 'offer', fr: 'proposition d’emploi' },
  onboarding: { en: 'taking up the post', fr: 'prise de poste' },
};

const ENDS: Readonly<Record<Exclude<Outcome, 'allowed'>, Bilingual>> = {
  refused: {
    en: 'This was refused: nothing was given.',
    fr: 'Refusé : rien n’a été communiqué.',
  },
  failed: {
    en: 'This failed: the values named could not be read.',
    fr: 'Échec : ces données n’ont pas pu être lues.',
  },
};

/** As much of an entry as its sentence tells. */
export type ToldAccess = Pick<
  SubjectAccess,
  'action' | 'actorKind' | 'applicationId' | 'at' | 'fields' | 'outcome' | 'purpose'
>;

/** Who did what to which fields, when, why, and with what outcome, for the person concerned to read. */
export function accessSentence(access: ToldAccess, agency: string | undefined, locale: Locale): string {
  const { action, outcome, purpose } = access;
  const words = (isAction(action) ? ACTION_WORDS[action] : undefined) ?? {
    done: { en: describeAction(action, 'en'), fr: describeAction(action, 'fr') },
    tried: { en: describeAction(action, 'en'), fr: describeAction(action, 'fr') },
  };
  const verb = (outcome === 'allowed' ? words.done : words.tried)[locale];
  const parts = [whoActed(access, agency, locale), verb, ...objectOf(access, words, locale)];
  const sentences = [`${parts.join(' ')} ${momentInWords(access.at)[locale]}.`];
  if (purpose !== null && purpose !== 'own_data')
    sentences.push(
      locale === 'fr' ? `Finalité : ${PURPOSES[purpose].fr}.` : `Purpose: ${PURPOSES[purpose].en}.`,
    );
  if (outcome !== 'allowed' && words.isReading === true) sentences.push(ENDS[outcome][locale]);
  const told = sentences.join(' ');
  return locale === 'fr' ? typeset(told) : told;
}

function whoActed({ actorKind }: ToldAccess, agency: string | undefined, locale: Locale): string {
  if (actorKind === 'agency' && agency !== undefined)
    return locale === 'fr' ? agencyInFrench(agency) : agency;
  return WHO[actorKind]?.[locale] ?? actorKind;
}

function objectOf(
  { applicationId, fields }: ToldAccess,
  { whole, isOfApplication }: ActionWords,
  locale: Locale,
): readonly string[] {
  const ofWhich = { en: `for application ${applicationId}`, fr: `pour la candidature ${applicationId}` };
  const application = applicationId === null ? [] : [ofWhich[locale]];
  if (fields.length > 0) return [fieldsInWords(fields, locale), ...application];
  if (whole === undefined) return application;
  if (isOfApplication === true && applicationId !== null) return [whole[locale], applicationId];
  return [whole[locale], ...application];
}
