import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Disclosure, type SealedField } from '../../../disclosure/index.js';
import { Clock } from '../../../kernel/clock.js';
import type { CandidateActor, RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { requireRevision, type SeenRevisions } from '../../../platform/http/index.js';
import { Sealer } from '../../../sealing/index.js';
import { DiversityEntity } from '../persistence/diversity.entity.js';
import { DIVERSITY } from '../persistence/places.js';
import { lockProfile } from '../persistence/profile-row.js';
import { type Nullable, withoutNulls } from '../profile/merge-patch.js';
import type { Diversity } from './diversity.js';

type Candidate = RequestContext<CandidateActor>;

export interface ReadDiversity {
  /** `null` when the stored value does not open. */
  readonly answers: Diversity | null;
  /** 0 as long as, or since, there are none. */
  readonly revision: number;
  readonly updatedAt: Date | null;
}

const NONE: ReadDiversity = { answers: {}, revision: 0, updatedAt: null };

/** A candidate's own answers. They belong to no application, and no agency is ever shown them. */
@Injectable()
export class OwnDiversity {
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

  async read(context: Candidate): Promise<ReadDiversity> {
    const candidate = context.actor.candidateId;
    const row = await this.#database.run({ kind: 'candidate', candidateId: candidate }, (manager) =>
      manager.getRepository(DiversityEntity).findOneBy({ candidateId: candidate }),
    );
    const field = row === null ? undefined : diversityField(row);
    const opened = await this.#disclosure.toOwner(context, 'candidate.diversity_read', candidate, {
      candidate,
      fields: field === undefined ? [] : [field],
    });
    if (row === null || field === undefined) return NONE;
    return { answers: opened.value(field), revision: row.revision, updatedAt: row.updatedAt };
  }

  /**
   * @param seen the revision that the caller last read; 0 creates
   * @throws Failure `precondition_failed`
   */
  async replace(context: Candidate, seen: SeenRevisions, given: Nullable<Diversity>): Promise<ReadDiversity> {
    const now = this.#clock.now();
    const answers = withoutNulls<Diversity>(given);
    const candidate = context.actor.candidateId;
    const sealed = await this.#sealer.seal(DIVERSITY, { subject: candidate, row: candidate }, answers);
    const revision = await this.#changing(context, seen, async (manager, row) => {
      const next = { answers: sealed, revision: (row?.revision ?? 0) + 1, updatedAt: now };
      const rows = manager.getRepository(DiversityEntity);
      if (row === null) await rows.insert({ ...next, candidateId: candidate, createdAt: now });
      else await rows.update({ candidateId: candidate }, next);
      return next.revision;
    });
    return { answers, revision, updatedAt: now };
  }

  /** From then on they are in no count. @throws Failure `not_found`, `precondition_failed` */
  async remove(context: Candidate, seen: SeenRevisions): Promise<void> {
    await this.#changing(context, seen, async (manager, row) => {
      if (row === null) throw new Failure('not_found');
      await manager.getRepository(DiversityEntity).delete({ candidateId: row.candidateId });
      return row.revision;
    });
  }

  /** @returns the revision that `change` names */
  async #changing(
    context: Candidate,
    seen: SeenRevisions,
    change: (manager: EntityManager, row: DiversityEntity | null) => Promise<number>,
  ): Promise<number> {
    const candidate = context.actor.candidateId;
    return this.#database.run({ kind: 'candidate', candidateId: candidate }, async (manager) => {
      await lockProfile(manager, candidate, this.#clock.now());
      const row = await manager.getRepository(DiversityEntity).findOneBy({ candidateId: candidate });
      requireRevision(row?.revision ?? 0, seen);
      const revision = await change(manager, row);
      await this.#ledger.stage(manager, {
        action: 'candidate.diversity_changed',
        context,
        resource: candidate,
        subjects: [{ candidate, fields: ['diversity'] }],
      });
      return revision;
    });
  }
}

/** A candidate's answers as `disclosure` takes them. */
export function diversityField({ candidateId, answers }: DiversityEntity): SealedField<Diversity> {
  return { name: 'diversity', place: DIVERSITY, row: candidateId, value: answers };
}
