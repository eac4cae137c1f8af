import { newId } from '../../../src/kernel/ids.js';
import { Randomness } from '../../../src/kernel/randomness.js';
import {
  ACCOMMODATIONS,
  ADDRESS,
  CONTACT,
  EDUCATION_ENTRY,
  EXPERIENCE_ENTRY,
  IDENTITY,
  LANGUAGE_ENTRY,
} from '../../../src/modules/candidates/persistence/places.js';
import { type Place, Sealer, SubjectKeys } from '../../../src/sealing/index.js';
import { KeyProvider } from '../../../src/sealing/providers/key-provider.js';
import { everywhere, insertMany } from './bulk-insert.ts';
import type { Candidate, Ground } from './candidate.ts';
import { type Person, personOf } from './person.ts';

const KEY_BYTES = 32;

/** A key for each, as `SubjectKeys.create` makes one. */
export async function giveKeys({ app, database }: Ground, candidates: readonly Candidate[]): Promise<void> {
  const randomness = app.get(Randomness, { strict: false });
  const keys = candidates.map(({ id }) => ({
    key: randomness.bytes(KEY_BYTES),
    context: { purpose: 'subject-key', owner: id, version: 1 } as const,
  }));
  const wrapped = await app.get(KeyProvider, { strict: false }).wrapMany(keys);
  await insertMany(database, 'keys.subject_key', {
    subject_id: ['uuid', candidates.map(({ id }) => id)],
    version: ['integer', everywhere(candidates, 1)],
    wrapped: ['bytea', wrapped.map((key) => key.wrapped)],
    master_version: ['integer', wrapped.map(({ masterVersion }) => masterVersion)],
    created_at: ['timestamptz', everywhere(candidates, new Date())],
  });
  // All of them at once, so that none is looked up by itself.
  await app.get(SubjectKeys, { strict: false }).find(candidates.map(({ id }) => ({ subject: id })));
}

/** What each has told of themselves, sealed by the product. */
export async function writeProfiles(ground: Ground, candidates: readonly Candidate[]): Promise<void> {
  const sealer = ground.app.get(Sealer, { strict: false });
  const sealed = <T>(place: Place<T>, valueOf: (person: Person) => T): Promise<readonly Buffer[]> =>
    Promise.all(
      candidates.map(({ id, person }) =>
        sealer.seal(place, { subject: id, row: id }, valueOf(personOf(person))),
      ),
    );
  const now = everywhere(candidates, new Date());
  await insertMany(ground.database, 'candidates.profile', {
    candidate_id: ['uuid', candidates.map(({ id }) => id)],
    identity: ['bytea', await sealed(IDENTITY, ({ profile }) => profile.identity)],
    contact: ['bytea', await sealed(CONTACT, ({ profile }) => profile.contact)],
    address: ['bytea', await sealed(ADDRESS, ({ profile }) => profile.address)],
    accommodations: ['bytea', await sealed(ACCOMMODATIONS, ({ profile }) => profile.accommodations)],
    revision: ['integer', everywhere(candidates, 1)],
    created_at: ['timestamptz', now],
    updated_at: ['timestamptz', now],
  });
  await writeEntries(ground, candidates, 'education', EDUCATION_ENTRY, ({ education }) => education);
  await writeEntries(ground, candidates, 'experience', EXPERIENCE_ENTRY, ({ experience }) => experience);
  await writeEntries(ground, candidates, 'language', LANGUAGE_ENTRY, ({ language }) => language);
}

/** One entry for each in one of the lists of their profiles. */
async function writeEntries<T>(
  { app, database }: Ground,
  candidates: readonly Candidate[],
  table: 'education' | 'experience' | 'language',
  place: Place<T>,
  entryOf: (person: Person) => T,
): Promise<void> {
  const sealer = app.get(Sealer, { strict: false });
  const rows = candidates.map(({ id, person }) => ({ row: newId<'entry'>(Date.now()), subject: id, person }));
  const now = everywhere(rows, new Date());
  const entries = await Promise.all(
    rows.map(({ person, ...position }) => sealer.seal(place, position, entryOf(personOf(person)))),
  );
  await insertMany(database, `candidates.${table}`, {
    id: ['uuid', rows.map(({ row }) => row)],
    candidate_id: ['uuid', rows.map(({ subject }) => subject)],
    entry: ['bytea', entries],
    revision: ['integer', everywhere(rows, 1)],
    created_at: ['timestamptz', now],
    updated_at: ['timestamptz', now],
  });
}
