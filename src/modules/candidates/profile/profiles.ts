import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Disclosure } from '../../../disclosure/index.js';
import { Clock } from '../../../kernel/clock.js';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import type { CandidateId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { requireRevision, type SeenRevisions } from '../../../platform/http/index.js';
import { Sealer } from '../../../sealing/index.js';
import { EducationEntity, ExperienceEntity, LanguageEntity } from '../persistence/entry.entity.js';
import { lockProfile } from '../persistence/profile-row.js';
import { ProfileEntity } from '../persistence/profile.entity.js';
import { type Completeness, completenessOf } from '../submission/completeness.js';
import { todayInFrance } from '../world/partial-dates.js';
import { type MergePatch, patched } from './merge-patch.js';
import { inCanonicalForm, profileProblems } from './profile-rules.js';
import { type Profile, PROFILE_SECTIONS, type ProfileSection, withoutEmptySections } from './profile.js';
import { openedSections, sealSections, sectionFields } from './sealed-profile.js';

type Candidate = RequestContext<CandidateActor>;

export interface ReadProfile {
  readonly profile: Partial<Profile>;
  /** 0 as long as nothing has been given. */
  readonly revision: number;
  readonly updatedAt: Date | null;
  /** Sections whose stored value does not open. */
  readonly unreadable: readonly ProfileSection[];
  readonly completeness: Completeness;
}

interface Stored {
  readonly row: Pick<ProfileEntity, ProfileSection | 'revision' | 'updatedAt'> | null;
  readonly education: number;
  readonly experience: number;
  readonly languages: number;
}

/** A candidate's own profile. */
@Injectable()
export class Profiles {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #disclosure: Disclosure;
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(database: Database, sealer: Sealer, disclosure: Disclosure, ledger: Ledger, clock: Clock) {
    this.#database = database;
    this.#sealer = sealer;
    this.#disclosure = disclosure;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  async read(context: Candidate): Promise<ReadProfile> {
    return this.#open(context, await this.#load(context));
  }

  /**
   * Puts a whole profile in the place of whatever was there.
   * @param seen the revision that the caller last read; 0 creates
   * @throws Failure `precondition_failed`, `invalid_request`
   */
  async replace(context: Candidate, seen: SeenRevisions, given: MergePatch<Profile>): Promise<ReadProfile> {
    const stored = await this.#load(context);
    requireRevision(stored.row?.revision ?? 0, seen);
    return this.#write(context, stored, patched<Profile>({}, given), new Set(PROFILE_SECTIONS), []);
  }

  /**
   * Changes a profile by a merge patch (RFC 7396).
   * @throws Failure `precondition_failed`, `invalid_request`; `sealed_value_unreadable` for a change within a
   *   section that does not open, which can only be replaced as a whole
   */
  async change(context: Candidate, seen: SeenRevisions, patch: MergePatch<Profile>): Promise<ReadProfile> {
    const stored = await this.#load(context);
    requireRevision(stored.row?.revision ?? 0, seen);
    const current = await this.#open(context, stored);
    const { profile, unreadable } = current;
    const changed = new Set(PROFILE_SECTIONS.filter((section) => patch[section] !== undefined));
    if (changed.size === 0) return current;
    for (const section of unreadable) {
      if (typeof patch[section] === 'object' && patch[section] !== null) {
        throw new Failure('sealed_value_unreadable', { privateDetail: `the ${section} of a profile` });
      }
    }
    const untouched = unreadable.filter((section) => !changed.has(section));
    return this.#write(context, stored, patched(profile, patch), changed, untouched);
  }

  #load(context: Candidate): Promise<Stored> {
    const { candidateId } = context.actor;
    return this.#database.run({ kind: 'candidate', candidateId }, async (manager) => ({
      row: await manager.getRepository(ProfileEntity).findOneBy({ candidateId }),
      education: await manager.getRepository(EducationEntity).countBy({ candidateId }),
      experience: await manager.getRepository(ExperienceEntity).countBy({ candidateId }),
      languages: await manager.getRepository(LanguageEntity).countBy({ candidateId }),
    }));
  }

  async #open(context: Candidate, stored: Stored): Promise<ReadProfile> {
    const candidate = context.actor.candidateId;
    const fields = sectionFields(candidate, stored.row);
    const opened = await this.#disclosure.toOwner(context, 'candidate.profile_read', candidate, {
      candidate,
      fields: Object.values(fields),
    });
    const unreadable = PROFILE_SECTIONS.filter((section) => opened.isUnreadable(fields[section]));
    return readProfile(stored, openedSections(fields, opened), unreadable);
  }

  async #write(
    context: Candidate,
    stored: Stored,
    merged: Partial<Profile>,
    changed: ReadonlySet<ProfileSection>,
    unreadable: readonly ProfileSection[],
  ): Promise<ReadProfile> {
    const now = this.#clock.now();
    const candidate = context.actor.candidateId;
    const profile = inCanonicalForm(withoutEmptySections(merged));
    // What was kept under earlier rules stands in nobody's way who changes something else.
    const problems = profileProblems(profile, todayInFrance(now)).filter(({ pointer }) =>
      [...changed].some((section) => pointer.startsWith(`/${section}/`)),
    );
    if (problems.length > 0) throw new Failure('invalid_request', { fields: problems });
    const sealed = await sealSections(this.#sealer, candidate, profile, changed, stored.row);
    const revision = (stored.row?.revision ?? 0) + 1;
    const row = await this.#database.run({ kind: 'candidate', candidateId: candidate }, async (manager) => {
      const current = await lockProfile(manager, candidate, now);
      requireRevision(current.revision, revision - 1);
      const next = { ...sealed, revision, updatedAt: now };
      await manager.getRepository(ProfileEntity).update({ candidateId: candidate }, next);
      await this.#stage(manager, context, candidate, [...changed]);
      return next;
    });
    return readProfile({ ...stored, row }, profile, unreadable);
  }

  async #stage(
    manager: EntityManager,
    context: Candidate,
    candidate: CandidateId,
    fields: readonly ProfileSection[],
  ): Promise<void> {
    await this.#ledger.stage(manager, {
      action: 'candidate.profile_changed',
      context,
      resource: candidate,
      subjects: [{ candidate, fields }],
    });
  }
}

function readProfile(
  { row, ...counts }: Stored,
  profile: Partial<Profile>,
  unreadable: readonly ProfileSection[],
): ReadProfile {
  return {
    profile,
    revision: row?.revision ?? 0,
    updatedAt: row === null || row.revision === 0 ? null : row.updatedAt,
    unreadable,
    completeness: completenessOf({ ...profile, ...counts }),
  };
}
