import { COUNTRIES, type Profile } from '../../../modules/candidates/index.js';
import { CATEGORIES, CONTRACTS, DEPARTMENTS, REMOTE } from '../../../modules/vacancies/index.js';
import {
  DateOnly,
  Email,
  Instant,
  ListOf,
  Nested,
  OneOf,
  Text,
  Texts,
} from '../../../platform/http/fields.js';

/** Everything may be left out, and `null` says the same: a profile grows as its owner likes. */
const MAYBE = { optional: true, nullable: true } as const;
const NOT_BLANK = /\S/;

type Preferences = Profile['preferences'];

export class IdentityDto {
  @Text({ ...MAYBE, max: 100, pattern: NOT_BLANK, example: 'Camille' })
  readonly givenName?: string | null;

  @Text({ ...MAYBE, max: 100, pattern: NOT_BLANK, example: 'Martin' })
  readonly familyName?: string | null;

  @DateOnly(MAYBE)
  readonly birthDate?: string | null;

  @Text({ ...MAYBE, max: 200, pattern: NOT_BLANK, example: 'Quimper' })
  readonly birthPlace?: string | null;

  @OneOf(COUNTRIES, { ...MAYBE, example: 'FR', description: 'ISO 3166-1 alpha-2' })
  readonly nationality?: string | null;
}

export class ContactDto {
  @Email(MAYBE)
  readonly email?: string | null;

  @Text({ ...MAYBE, max: 16, pattern: /^\+[1-9]\d{6,14}$/, example: '+33612345678', description: 'E.164' })
  readonly telephone?: string | null;
}

export class AddressDto {
  @Texts({ ...MAYBE, min: 1, max: 5, maxLength: 100, example: ['12 bis quai de la Douane'] })
  readonly lines?: string[] | null;

  @Text({
    ...MAYBE,
    min: 2,
    max: 12,
    pattern: /^[A-Za-z0-9][A-Za-z0-9 -]*$/,
    example: '29200',
    description: 'Five digits in France, which is the country unless told',
  })
  readonly postalCode?: string | null;

  @Text({ ...MAYBE, max: 100, pattern: NOT_BLANK, example: 'Brest' })
  readonly city?: string | null;

  @OneOf(COUNTRIES, { ...MAYBE, example: 'FR', description: 'ISO 3166-1 alpha-2' })
  readonly country?: string | null;
}

export class PreferencesDto {
  @Texts({
    ...MAYBE,
    max: DEPARTMENTS.length,
    unique: true,
    values: DEPARTMENTS,
    example: ['29', '75'],
    description: 'Codes of French departments (INSEE)',
  })
  readonly departments?: string[] | null;

  @Texts({ ...MAYBE, max: CATEGORIES.length, unique: true, values: CATEGORIES, example: ['A'] })
  readonly categories?: NonNullable<Preferences['categories']> | null;

  @Texts({ ...MAYBE, max: CONTRACTS.length, unique: true, values: CONTRACTS, example: ['fixed_term'] })
  readonly contracts?: NonNullable<Preferences['contracts']> | null;

  @Texts({ ...MAYBE, max: REMOTE.length, unique: true, values: REMOTE, example: ['partial'] })
  readonly remote?: NonNullable<Preferences['remote']> | null;

  @Texts({ ...MAYBE, max: 10, unique: true, maxLength: 35, example: ['fr', 'br'], description: 'BCP 47' })
  readonly workingLanguages?: string[] | null;
}

/** The body of PUT and, by the rules of RFC 7396, of PATCH. */
export class ProfileBody {
  @Nested(() => IdentityDto, MAYBE)
  readonly identity?: IdentityDto | null;

  @Nested(() => ContactDto, MAYBE)
  readonly contact?: ContactDto | null;

  @Nested(() => AddressDto, MAYBE)
  readonly address?: AddressDto | null;

  @Nested(() => PreferencesDto, { ...MAYBE, description: 'For finding vacancies; no agency ever sees them' })
  readonly preferences?: PreferencesDto | null;

  @Text({
    ...MAYBE,
    max: 5_000,
    pattern: NOT_BLANK,
    example: 'Poste accessible en fauteuil roulant.',
    description: 'What is needed because of a disability; an agency sees it from the interview on',
  })
  readonly accommodations?: string | null;
}

export class GapDto {
  @Text({ max: 100, example: '/contact', description: 'JSON Pointer (RFC 6901) into the profile' })
  readonly pointer: string;

  @Text({ max: 200, example: 'Indiquez une adresse électronique ou un numéro de téléphone.' })
  readonly detail: string;
}

export class ProfileDto {
  @Nested(() => IdentityDto, { nullable: true })
  readonly identity: IdentityDto | null;

  @Nested(() => ContactDto, { nullable: true })
  readonly contact: ContactDto | null;

  @Nested(() => AddressDto, { nullable: true })
  readonly address: AddressDto | null;

  @Nested(() => PreferencesDto, { nullable: true })
  readonly preferences: PreferencesDto | null;

  @Text({ max: 5_000, nullable: true, example: 'Poste accessible en fauteuil roulant.' })
  readonly accommodations: string | null;

  @Instant({ nullable: true, example: '2026-11-23T09:30:00.000Z', description: '`null`: nothing given yet' })
  readonly updatedAt: string | null;

  @Texts({
    max: 5,
    example: [],
    description: 'Sections whose stored value cannot be read; they show as `null`',
  })
  readonly unreadable: string[];

  @ListOf(() => GapDto, { max: 10, description: 'What an application could not be submitted without' })
  readonly missing: GapDto[];
}
