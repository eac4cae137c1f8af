import { createHash } from 'node:crypto';
import type { Answer } from '../../../src/modules/applications/index.js';
import type {
  Education,
  Experience,
  LanguageSkill,
  Profile,
  Snapshot,
} from '../../../src/modules/candidates/index.js';
import { snapshotOf } from '../../../src/modules/candidates/submission/snapshot.js';
import { birthDateOf, OWN_BIRTH_DATES, OWN_TELEPHONES, telephoneOf } from './numbers.ts';
import { type TracedField, wordOf } from './words.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** From this number on nobody has a birth date or a telephone number to themselves. */
export const NUMBERED = Math.max(OWN_TELEPHONES, OWN_BIRTH_DATES);

/** Of the field that a vacancy asks. */
export const QUESTION = 'disponibilite';

/** Whether the person of a number has uploaded something: some have. */
export const hasDocument = (number: number): boolean => number % 4 === 3;

/** Somebody who does not exist: everything they tell us, and what they sign in with. */
export interface Person {
  readonly number: number;
  readonly email: string;
  readonly profile: Omit<Profile, 'preferences'>;
  readonly education: Education;
  readonly experience: Experience;
  readonly language: LanguageSkill;
  /** The same as it goes along with an application. */
  readonly snapshot: Snapshot;
  readonly motivation: string;
  readonly answers: readonly Answer[];
  readonly password: string;
  /** In Base32. */
  readonly totpSecret: string;
  /** For each field the piece of it that nobody else has; a field that names nobody is left out. */
  readonly traces: ReadonlyMap<TracedField, string>;
}

/** Every field that the person of a number has told, by the name that the ledger has for it. */
export function fieldsTold(number: number): ReadonlySet<string> {
  const { identity, contact } = personOf(number).profile;
  return new Set([
    ...Object.keys({ ...identity, ...contact }),
    'address',
    'accommodations',
    'education',
    'experience',
    'languages',
    'motivation',
    'answers',
    ...(hasDocument(number) ? ['documents'] : []),
  ]);
}

/** The person of a number: the same each time. */
export function personOf(number: number): Person {
  const word = (field: TracedField): string => wordOf(number, field);
  const name = (field: TracedField): string => word(field).charAt(0).toUpperCase() + word(field).slice(1);
  const birthDate = birthDateOf(number);
  const telephone = telephoneOf(number);
  const email = `${word('email')}@candidats.example.fr`;
  const totpSecret = Array.from(
    createHash('sha256').update(word('totpSecret')).digest(),
    (byte) => BASE32[byte % BASE32.length],
  ).join('');
  const profile = {
    identity: {
      givenName: name('givenName'),
      familyName: `Le ${name('familyName')}`,
      birthDate,
      birthPlace: `Saint-${name('birthPlace')}`,
      nationality: 'FR',
    },
    contact: { email, telephone },
    address: {
      lines: [`${(number % 90) + 1} rue ${name('address')}`],
      postalCode: '29200',
      city: 'Brest',
      country: 'FR',
    },
    accommodations: `Un poste à hauteur réglable, comme chez ${name('accommodations')}.`,
  };
  const education = {
    institution: `Université ${name('education')}`,
    degree: 'Licence de droit public',
    level: 'bac+3',
    country: 'FR',
    from: '2005-09',
    to: '2008-06',
  } as const;
  const experience = { employer: `Mairie de ${name('experience')}`, title: 'Agent', from: '2016-01' };
  const language = { language: 'fr', level: 'native' } as const;
  const lists = { education: [education], experience: [experience], languages: [language] };
  return {
    number,
    email,
    profile,
    education,
    experience,
    language,
    snapshot: snapshotOf(profile, lists),
    motivation: `Servir le public m’importe depuis l’été passé à ${name('motivation')}.`,
    answers: [{ questionId: QUESTION, value: `Dès que ${name('answers')} est terminé.` }],
    password: `quatre chevaux ${word('password')} sur la digue`,
    totpSecret,
    traces: new Map<TracedField, string>([
      ['givenName', name('givenName')],
      ['familyName', name('familyName')],
      ['email', email],
      ['birthPlace', name('birthPlace')],
      ['address', name('address')],
      ['accommodations', name('accommodations')],
      ['education', name('education')],
      ['experience', name('experience')],
      ['motivation', name('motivation')],
      ['answers', name('answers')],
      ...(hasDocument(number) ? ([['documents', name('documents')]] as const) : []),
      ['password', word('password')],
      ['totpSecret', totpSecret],
      ...(number < OWN_TELEPHONES ? ([['telephone', telephone]] as const) : []),
      ...(number < OWN_BIRTH_DATES ? ([['birthDate', birthDate]] as const) : []),
    ]),
  };
}
