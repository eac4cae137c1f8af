import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Disclosure, type Opened, type SealedField } from '../../../disclosure/index.js';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import { Failure, type FieldError } from '../../../kernel/errors.js';
import type { CandidateId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { entryField } from '../entries/entries.js';
import { EDUCATION, type EntryKind, EXPERIENCE, LANGUAGES } from '../entries/entry-kinds.js';
import { inOrder } from '../entries/entry-order.js';
import { ProfileEntity } from '../persistence/profile.entity.js';
import { openedSections, sectionFields } from '../profile/sealed-profile.js';
import { missingForSubmission } from './completeness.js';
import { type Snapshot, snapshotOf } from './snapshot.js';

export interface TakenSnapshot {
  readonly snapshot: Snapshot;
  /** What the profile lacks for a submission, addressed below `/profile`. */
  readonly gaps: readonly FieldError[];
}

interface Row<T> {
  readonly id: string;
  readonly field: SealedField<T>;
}

/** Takes a profile as it stands, for whoever freezes it. */
@Injectable()
export class ProfileSnapshots {
  readonly #database: Database;
  readonly #disclosure: Disclosure;

  constructor(database: Database, disclosure: Disclosure) {
    this.#database = database;
    this.#disclosure = disclosure;
  }

  /**
   * Opens the candidate's own profile on their behalf; the reading is on record.
   * @throws Failure `sealed_value_unreadable` when a part does not open: a frozen copy must not silently lack it
   */
  async take(context: RequestContext<CandidateActor>): Promise<TakenSnapshot> {
    const { candidateId: candidate } = context.actor;
    const sealed = await this.#database.run(
      { kind: 'candidate', candidateId: candidate },
      async (manager) => ({
        sections: sectionFields(
          candidate,
          await manager.getRepository(ProfileEntity).findOneBy({ candidateId: candidate }),
        ),
        education: await rowsOf(manager, candidate, EDUCATION),
        experience: await rowsOf(manager, candidate, EXPERIENCE),
        languages: await rowsOf(manager, candidate, LANGUAGES),
      }),
    );
    const { preferences: _, ...shown } = sealed.sections;
    const entries = [...sealed.education, ...sealed.experience, ...sealed.languages];
    const opened = await this.#disclosure.toOwner(context, 'candidate.profile_read', candidate, {
      candidate,
      fields: [...Object.values(shown), ...entries.map(({ field }) => field)],
    });
    if (opened.unreadable.length > 0) {
      throw new Failure('sealed_value_unreadable', {
        privateDetail: `profile: ${opened.unreadable.join(', ')}`,
      });
    }
    const profile = openedSections(sealed.sections, opened);
    const snapshot = snapshotOf(profile, {
      education: valuesOf(EDUCATION, sealed.education, opened),
      experience: valuesOf(EXPERIENCE, sealed.experience, opened),
      languages: valuesOf(LANGUAGES, sealed.languages, opened),
    });
    const gaps = missingForSubmission({
      ...profile,
      education: snapshot.education.length,
      experience: snapshot.experience.length,
      languages: snapshot.languages.length,
    }).map((gap) => ({ ...gap, pointer: `/profile${gap.pointer}` }));
    return { snapshot, gaps };
  }
}

async function rowsOf<T extends object>(
  manager: EntityManager,
  candidateId: CandidateId,
  kind: EntryKind<T>,
): Promise<readonly Row<T>[]> {
  const rows = await manager.find(kind.entity, { where: { candidateId } });
  return rows.map((row) => ({ id: row.id, field: entryField(kind, row) }));
}

function valuesOf<T extends object>(
  kind: EntryKind<T>,
  rows: readonly Row<T>[],
  opened: Opened,
): readonly T[] {
  const entries = rows.map(({ id, field }) => ({ id, value: opened.value(field) }));
  return inOrder(kind, entries).flatMap(({ value }) => (value === null ? [] : [value]));
}
