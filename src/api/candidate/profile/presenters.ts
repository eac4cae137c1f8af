import type { Locale } from '../../../kernel/context.js';
import { worded } from '../../../kernel/wording.js';
import type { Completeness, Entry, Profile, ReadProfile } from '../../../modules/candidates/index.js';
import { type Revised, withRevision } from '../../../platform/http/index.js';
import type { CompletenessDto } from './completeness.dto.js';
import type { AddressDto, PreferencesDto, ProfileDto } from './profile.dto.js';

export function presentProfile(read: ReadProfile, locale: Locale): Revised<ProfileDto> {
  const { identity, contact, address, preferences, accommodations } = read.profile;
  const body: ProfileDto = {
    identity: identity ?? null,
    contact: contact ?? null,
    address: address === undefined ? null : presentAddress(address),
    preferences: preferences === undefined ? null : presentPreferences(preferences),
    accommodations: accommodations ?? null,
    updatedAt: read.updatedAt?.toISOString() ?? null,
    unreadable: [...read.unreadable],
    completeness: presentCompleteness(read.completeness, locale),
  };
  return withRevision(body, read.revision, variantOf(read.completeness, locale));
}

/** What the answer depends on besides the revision: the reader's language, and the lists, which have their own. */
const variantOf = ({ sections }: Completeness, locale: Locale): string =>
  [locale, sections.education, sections.languages].join('-');

const presentCompleteness = ({ missing, ...rest }: Completeness, locale: Locale): CompletenessDto => ({
  ...rest,
  missing: missing.map(({ section, pointer, neededFor, detail }) => ({
    section,
    pointer,
    neededFor,
    detail: worded(detail, locale),
  })),
});

const presentAddress = ({ lines, ...rest }: Profile['address']): AddressDto => ({
  ...rest,
  ...copied({ lines }),
});

const presentPreferences = (preferences: Profile['preferences']): PreferencesDto => {
  const { occupations, specialisations, regions, departments, workingLanguages, ...rest } = preferences;
  return { ...rest, ...copied({ occupations, specialisations, regions, departments, workingLanguages }) };
};

/** The lists that were given, as lists of the reader's own. */
function copied<Name extends string>(
  lists: Readonly<Record<Name, readonly string[] | undefined>>,
): Partial<Record<Name, string[]>>;
function copied(lists: Readonly<Record<string, readonly string[] | undefined>>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(lists).flatMap(([name, list]) => (list === undefined ? [] : [[name, [...list]]])),
  );
}

interface PresentedEntry {
  readonly id: string;
  readonly revision: number;
  readonly updatedAt: string;
  readonly unreadable: boolean;
}

type Presented<T> = PresentedEntry | (PresentedEntry & T);

export function presentEntry<T extends object>({ id, revision, updatedAt, value }: Entry<T>): Presented<T> {
  const entry = { id, revision, updatedAt: updatedAt.toISOString(), unreadable: value === null };
  return value === null ? entry : { ...value, ...entry };
}

export function presentRevised<T extends object>(entry: Entry<T>): Revised<Presented<T>> {
  return withRevision(presentEntry(entry), entry.revision);
}
