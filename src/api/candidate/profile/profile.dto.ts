import { COUNTRIES, type Profile, REGIONS } from '../../../modules/candidates/index.js';
import { CATEGORIES, CONTRACTS, DEPARTMENTS, REMOTE } from '../../../modules/vacancies/index.js';
import {
  DateOnly,
  Email,
  Instant,
  Nested,
  OneOf,
  Text,
  Texts,
  YesNo,
} from '../../../platform/http/fields.js';
import { CompletenessDto } from './completeness.dto.js';
import { Line, Lines } from '../../../platform/http/line-fields.js';

/** Everything may be left out, and `null` says the same: a profile grows as its owner likes. */
const MAYBE = { optional: true, nullable: true } as const;
const NOT_BLANK = /\S/;
/** Names of the world: whatever has a letter of some script. */
const NAME = {
  ...MAYBE,
  max: 100,
  pattern: /\p{L}/u,
  form: { en: 'A name has letters.', fr: 'Un nom comporte des lettres.' },
} as const;
const IN_ONES_OWN_WORDS = { ...MAYBE, max: 10, maxLength: 100, unique: true } as const;

type Preferences = Profile['preferences'];
const REGION_CODES = Object.keys(REGIONS).toSorted();

export class IdentityDto {
  @Line({ ...NAME, example: 'Camille' })
  readonly givenName?: string | null;

  @Line({ ...NAME, example: 'Martin', description: 'The name at birth, as the civil register has it' })
  readonly familyName?: string | null;

  @Line({ ...NAME, example: 'Le Goff', description: 'The name used in daily life, where it is another' })
  readonly usualName?: string | null;

  @DateOnly(MAYBE)
  readonly birthDate?: string | null;

  @Line({ ...MAYBE, max: 200, example: 'Quimper' })
  readonly birthPlace?: string | null;

  @OneOf(COUNTRIES, { ...MAYBE, example: 'FR', description: 'ISO 3166-1 alpha-2' })
  readonly nationality?: string | null;
}

export class ContactDto {
  @Email(MAYBE)
  readonly email?: string | null;

  @Text({
    ...MAYBE,
    min: 3,
    max: 30,
    pattern: /^\+?[\d ()./\u00A0\u202F-]+$/,
    form: {
      en: 'A telephone number, such as +33 6 12 34 56 78 or 06 12 34 56 78.',
      fr: 'Un numéro de téléphone, comme +33 6 12 34 56 78 ou 06 12 34 56 78.',
    },
    example: '+33612345678',
    description:
      'Kept in E.164. Without + it is read as a number of the country of the address, which is France unless told',
  })
  readonly telephone?: string | null;
}

export class AddressDto {
  @Lines({ ...MAYBE, min: 1, max: 5, maxLength: 100, example: ['12 bis quai de la Douane'] })
  readonly lines?: string[] | null;

  @Line({
    ...MAYBE,
    min: 2,
    max: 12,
    pattern: /^[A-Za-z0-9][A-Za-z0-9 -]*$/,
    form: {
      en: 'A postal code has letters, digits, spaces and hyphens only.',
      fr: "Un code postal ne comporte que des lettres, des chiffres, des espaces et des traits d'union.",
    },
    example: '29200',
    description: 'As the country’s post has it; France is the country unless told',
  })
  readonly postalCode?: string | null;

  @Line({ ...MAYBE, max: 100, example: 'Brest', description: 'With CEDEX where there is one' })
  readonly city?: string | null;

  @OneOf(COUNTRIES, { ...MAYBE, example: 'FR', description: 'ISO 3166-1 alpha-2' })
  readonly country?: string | null;
}

export class PreferencesDto {
  @Lines({
    ...IN_ONES_OWN_WORDS,
    example: ['archiviste'],
    description: 'What one would like to work as, in one’s own words',
  })
  readonly occupations?: string[] | null;

  @Lines({ ...IN_ONES_OWN_WORDS, example: ['fonds photographiques'] })
  readonly specialisations?: string[] | null;

  @Texts({
    ...MAYBE,
    max: REGION_CODES.length,
    unique: true,
    values: REGION_CODES,
    example: ['53'],
    description: 'Codes of French regions (INSEE)',
  })
  readonly regions?: string[] | null;

  @Texts({
    ...MAYBE,
    max: DEPARTMENTS.length,
    unique: true,
    values: DEPARTMENTS,
    example: ['29', '75'],
    description: 'Codes of French departments (INSEE)',
  })
  readonly departments?: string[] | null;

  @YesNo({ ...MAYBE, example: false, description: 'Posts outside France as well' })
  readonly abroad?: boolean | null;

  @Texts({ ...MAYBE, max: CATEGORIES.length, unique: true, values: CATEGORIES, example: ['A'] })
  readonly categories?: NonNullable<Preferences['categories']> | null;

  @Texts({ ...MAYBE, max: CONTRACTS.length, unique: true, values: CONTRACTS, example: ['fixed_term'] })
  readonly contracts?: NonNullable<Preferences['contracts']> | null;

  @Texts({ ...MAYBE, max: REMOTE.length, unique: true, values: REMOTE, example: ['partial'] })
  readonly remote?: NonNullable<Preferences['remote']> | null;

  @Texts({ ...MAYBE, max: 10, unique: true, maxLength: 35, example: ['fr', 'br'], description: 'BCP 47' })
  readonly workingLanguages?: string[] | null;

  @DateOnly({ ...MAYBE, example: '2027-03-01' })
  readonly availableFrom?: string | null;
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

  @Nested(() => CompletenessDto)
  readonly completeness: CompletenessDto;
}
