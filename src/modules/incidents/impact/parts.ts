import type { ExposedSubject } from '../../../ledger/index.js';

const IDENTITY = ['givenName', 'familyName', 'usualName', 'birthDate', 'birthPlace', 'nationality'] as const;
const CONTACT = ['email', 'telephone'] as const;
const LISTS = ['education', 'experience', 'languages'] as const;
const CONSENTS = ['similar_vacancies', 'talent_pool'] as const;

/** Every kind of data that is held of somebody and can be given by itself. */
export const PARTS = [
  ...IDENTITY,
  ...CONTACT,
  'address',
  ...LISTS,
  'preferences',
  'motivation',
  'answers',
  'documents',
  'document',
  'decision',
  ...CONSENTS,
  'accommodations',
  'diversity',
] as const;
export type Part = (typeof PARTS)[number];

/** What the ledger names as one where several are given together. */
const WHOLES: Readonly<Record<string, readonly Part[]>> = {
  identity: IDENTITY,
  contact: CONTACT,
  consent: CONSENTS,
  snapshot: [...IDENTITY, ...CONTACT, 'address', ...LISTS, 'accommodations'],
};

/** What was given of somebody, each kind once, whether by itself or within something greater. A field that is none stays as it is. */
export function partsOf({ fields, named }: Pick<ExposedSubject, 'fields' | 'named'>): ReadonlySet<string> {
  const given = named.flatMap((field): readonly string[] => WHOLES[field] ?? [field]);
  return new Set([...(fields.length === 0 ? PARTS : []), ...given]);
}
