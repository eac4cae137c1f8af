import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { type CandidateId, newId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Settings } from '../../../platform/config/settings.js';
import { Database } from '../../../platform/database/database.js';
import { Jobs } from '../../../platform/jobs/jobs.js';
import { SubjectKeys } from '../../../sealing/index.js';
import { CandidateDepartures } from '../../identity/index.js';
import { PersonalData } from '../../personal-data/index.js';
import { ErasureEntity } from '../persistence/erasure.entity.js';
import type { Acknowledged, ErasureCause } from './erasure.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Erases candidates: at once for whoever reads, in the background for what lies in tables and stores. */
@Injectable()
export class Erasures {
  readonly #database: Database;
  readonly #data: PersonalData;
  readonly #departures: CandidateDepartures;
  readonly #keys: SubjectKeys;
  readonly #ledger: Ledger;
  readonly #jobs: Jobs;
  readonly #clock: Clock;
  readonly #settings: Settings;

  constructor(
    database: Database,
    data: PersonalData,
    departures: CandidateDepartures,
    keys: SubjectKeys,
    ledger: Ledger,
    jobs: Jobs,
    clock: Clock,
    settings: Settings,
  ) {
    this.#database = database;
    this.#data = data;
    this.#departures = departures;
    this.#keys = keys;
    this.#ledger = ledger;
    this.#jobs = jobs;
    this.#clock = clock;
    this.#settings = settings;
  }

  /**
   * One transaction takes away what anybody could still be shown: the account with its sessions, what agencies see of
   * the applications, every mail that waits. Then the keys are destroyed. Both are done when this resolves; whoever
   * asks another process, whose cache may not have heard of the keys yet, finds no row to open.
   * @throws Failure `not_found` when there is no such candidate (any more), `ledger_unavailable` (nothing is done);
   *   `keys_unavailable` when the keys could not be destroyed yet: all else is done, and the worker does that too
   */
  async begin(context: RequestContext, candidate: CandidateId, cause: ErasureCause): Promise<Acknowledged> {
    const askedAt = this.#clock.now();
    const id = newId<'erasure'>(askedAt.getTime());
    const { backupDays } = this.#settings.keyring;
    await this.#database.run({ kind: 'system' }, async (manager) => {
      const account = await this.#departures.lock(context, manager, candidate);
      await this.#record(manager, context, candidate, cause);
      for (const source of this.#data.sources) await source.conceal?.(manager, context, candidate);
      const reference: string = id;
      await this.#departures.leave(manager, account, {
        kind: 'account_erased',
        cause,
        reference,
        backupDays,
      });
      const tieUntil = new Date(askedAt.getTime() + this.#tieMs());
      await manager
        .getRepository(ErasureEntity)
        .insert({ id, candidateId: candidate, cause, askedAt, emptiedAt: null, tieUntil, completedAt: null });
      await this.#jobs.send('erasure', { erasureId: id }, manager);
    });
    await this.#keys.destroy(candidate, 'erased');
    return { id, askedAt, backupDays, backupsUntil: new Date(askedAt.getTime() + backupDays * DAY_MS) };
  }

  /** Long enough for whoever had begun to write before: the rows are looked through once more when the tie is cut. */
  #tieMs(): number {
    return Math.max(HOUR_MS, this.#settings.erasure.tieDays * DAY_MS);
  }

  async #record(
    manager: EntityManager,
    context: RequestContext,
    candidate: CandidateId,
    reason: ErasureCause,
  ): Promise<void> {
    const subjects = [{ candidate, fields: [] }];
    const entry = { action: 'candidate.erased', context, resource: candidate, reason, subjects } as const;
    await this.#ledger.stage(manager, entry);
  }
}
