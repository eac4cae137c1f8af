import { Injectable } from '@nestjs/common';
import { IsNull, LessThanOrEqual, Not, type Repository } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import { type CandidateId, parseId } from '../../../kernel/ids.js';
import { SubjectTies } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { Jobs } from '../../../platform/jobs/jobs.js';
import { Rounds } from '../../../platform/jobs/rounds.js';
import { SubjectKeys } from '../../../sealing/index.js';
import { PersonalData } from '../../personal-data/index.js';
import { ErasureEntity } from '../persistence/erasure.entity.js';
import type { ErasureId } from './erasure.js';

const BATCH = 100;

/** The worker's half of an erasure. Every step may be repeated, so that it goes on wherever it was broken off. */
@Injectable()
export class ErasureWork {
  readonly #database: Database;
  readonly #data: PersonalData;
  readonly #keys: SubjectKeys;
  readonly #ties: SubjectTies;
  readonly #jobs: Jobs;
  readonly #rounds: Rounds;
  readonly #clock: Clock;

  constructor(
    database: Database,
    data: PersonalData,
    keys: SubjectKeys,
    ties: SubjectTies,
    jobs: Jobs,
    rounds: Rounds,
    clock: Clock,
  ) {
    this.#database = database;
    this.#data = data;
    this.#keys = keys;
    this.#ties = ties;
    this.#jobs = jobs;
    this.#rounds = rounds;
    this.#clock = clock;
  }

  /** Each erasure when it is asked for; every hour those that were given up or whose tie is due. */
  async start(): Promise<void> {
    await this.#jobs.work('erasure', async ({ erasureId }) => {
      const id = parseId<ErasureId>(erasureId);
      if (id !== undefined) await this.empty(id);
    });
    await this.#rounds.every(60, 'erasure_due', async () => {
      await this.complete();
    });
  }

  /** Removes everything of whoever is being erased but what ties the ledger to them. */
  async empty(id: ErasureId): Promise<void> {
    const erasure = await this.#run((erasures) => erasures.findOneBy({ id, candidateId: Not(IsNull()) }));
    if (erasure?.candidateId == null) return;
    await this.#remove(erasure.candidateId);
    const emptiedAt = this.#clock.now();
    await this.#run((erasures) => erasures.update({ id, emptiedAt: IsNull() }, { emptiedAt }));
  }

  /** Ends every erasure whose time has come. @returns how many are complete */
  async complete(): Promise<number> {
    const now = this.#clock.now();
    const unfinished = await this.#run((erasures) =>
      erasures.find({
        where: [
          { completedAt: IsNull(), emptiedAt: IsNull() },
          { completedAt: IsNull(), tieUntil: LessThanOrEqual(now) },
        ],
        order: { tieUntil: 'ASC' },
        take: BATCH,
      }),
    );
    let completed = 0;
    for (const { id, candidateId, tieUntil } of unfinished) {
      await this.empty(id);
      if (candidateId === null || tieUntil > now || !(await this.#ties.cut(candidateId))) continue;
      await this.#run((erasures) => erasures.update({ id }, { candidateId: null, completedAt: now }));
      completed += 1;
    }
    return completed;
  }

  async #remove(candidate: CandidateId): Promise<void> {
    // Again, in case whoever acknowledged the erasure did not come to it.
    await this.#keys.destroy(candidate, 'erased');
    for (const source of this.#data.sources) await source.erase(candidate);
  }

  #run<T>(work: (erasures: Repository<ErasureEntity>) => Promise<T>): Promise<T> {
    return this.#database.run({ kind: 'system' }, (manager) => work(manager.getRepository(ErasureEntity)));
  }
}
