import type { Locale } from '../../../kernel/context.js';
import type { Entry, Profile, ReadProfile } from '../../../modules/candidates/index.js';
import { type Revised, withRevision } from '../../../platform/http/index.js';
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
    missing: read.missing.map(({ pointer, detail }) => ({
      pointer,
      detail: typeof detail === 'string' ? detail : detail[locale],
    })),
  };
  return withRevision(body, read.revision);
}

const presentAddress = ({ lines, ...rest }: Profile['address']): AddressDto =>
  lines === undefined ? rest : { ...rest, lines: [...lines] };

function presentPreferences({
  departments,
  workingLanguages,
  ...rest
}: Profile['preferences']): PreferencesDto {
  return {
    ...rest,
    ...(departments === undefined ? {} : { departments: [...departments] }),
    ...(workingLanguages === undefined ? {} : { workingLanguages: [...workingLanguages] }),
  };
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
