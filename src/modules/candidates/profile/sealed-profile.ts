import type { CandidateId } from '../../../kernel/ids.js';
import type { Opened, SealedField } from '../../../disclosure/index.js';
import type { Place, Sealed, Sealer } from '../../../sealing/index.js';
import { ACCOMMODATIONS, ADDRESS, CONTACT, IDENTITY, PREFERENCES } from '../persistence/places.js';
import type { ProfileEntity } from '../persistence/profile.entity.js';
import { withoutNulls } from './merge-patch.js';
import type { Profile, ProfileSection } from './profile.js';

type SealedSections = Pick<ProfileEntity, ProfileSection>;
type SectionFields = { readonly [Section in ProfileSection]: SealedField<Profile[Section]> };

/** The sections as `disclosure` takes them. A profile's values stand in the row that has the candidate's own id. */
export function sectionFields(row: string, sections: SealedSections | null): SectionFields {
  return {
    identity: { name: 'identity', place: IDENTITY, row, value: sections?.identity ?? null },
    contact: { name: 'contact', place: CONTACT, row, value: sections?.contact ?? null },
    address: { name: 'address', place: ADDRESS, row, value: sections?.address ?? null },
    preferences: { name: 'preferences', place: PREFERENCES, row, value: sections?.preferences ?? null },
    accommodations: {
      name: 'accommodations',
      place: ACCOMMODATIONS,
      row,
      value: sections?.accommodations ?? null,
    },
  };
}

export function openedSections(fields: SectionFields, opened: Opened): Partial<Profile> {
  return withoutNulls<Partial<Profile>>({
    identity: opened.value(fields.identity),
    contact: opened.value(fields.contact),
    address: opened.value(fields.address),
    preferences: opened.value(fields.preferences),
    accommodations: opened.value(fields.accommodations),
  });
}

/** Seals the sections that have changed; the others stay as they are stored. */
export async function sealSections(
  sealer: Sealer,
  candidate: CandidateId,
  profile: Partial<Profile>,
  changed: ReadonlySet<ProfileSection>,
  stored: SealedSections | null,
): Promise<SealedSections> {
  const position = { subject: candidate, row: candidate };
  const sealed = async <Section extends ProfileSection>(
    section: Section,
    place: Place<Profile[Section]>,
    current: Sealed<Profile[Section]> | null | undefined,
  ): Promise<Sealed<Profile[Section]> | null> => {
    if (!changed.has(section)) return current ?? null;
    const value: Profile[Section] | undefined = profile[section];
    return value === undefined ? null : sealer.seal(place, position, value);
  };
  return {
    identity: await sealed('identity', IDENTITY, stored?.identity),
    contact: await sealed('contact', CONTACT, stored?.contact),
    address: await sealed('address', ADDRESS, stored?.address),
    preferences: await sealed('preferences', PREFERENCES, stored?.preferences),
    accommodations: await sealed('accommodations', ACCOMMODATIONS, stored?.accommodations),
  };
}
