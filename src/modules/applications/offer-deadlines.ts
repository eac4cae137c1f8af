import { Injectable } from '@nestjs/common';
import { Between, type EntityManager, type FindOptionsWhere, IsNull, LessThanOrEqual } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import type { RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import type { ApplicationId } from '../../kernel/ids.js';
import { Database } from '../../platform/database/database.js';
import { Rounds } from '../../platform/jobs/rounds.js';
import { Notices } from '../identity/index.js';
import { ApplicationChanges } from './application-changes.js';
import { ApplicationLetters } from './application-letters.js';
import { ApplicationRecords } from './application-records.js';
import { ApplicationEntity } from './persistence/application.entity.js';
import { ownContext } from '../../kernel/own-context.js';

const HOUR_MS = 3_600_000;
/** Whoever has not answered is reminded so long before the end, and a day after the offer at the earliest. */
const REMINDED_BEFORE_MS = 48 * HOUR_MS;
const LEFT_ALONE_MS = 24 * HOUR_MS;

/** The worker's part in offers: reminds of them once, and ends those that were not answered in time. */
@Injectable()
export class OfferDeadlines {
  readonly #database: Database;
  readonly #changes: ApplicationChanges;
  readonly #records: ApplicationRecords;
  readonly #letters: ApplicationLetters;
  readonly #notices: Notices;
  readonly #rounds: Rounds;
  readonly #clock: Clock;

  constructor(
    database: Database,
    changes: ApplicationChanges,
    records: ApplicationRecords,
    letters: ApplicationLetters,
    notices: Notices,
    rounds: Rounds,
    clock: Clock,
  ) {
    this.#database = database;
    this.#changes = changes;
    this.#records = records;
    this.#letters = letters;
    this.#notices = notices;
    this.#rounds = rounds;
    this.#clock = clock;
  }

  /** Every ten minutes. An answer that comes later than its moment is refused whether or not this ran. */
  async start(): Promise<void> {
    await this.#rounds.every(10, 'offers_due', () => this.run());
  }

  /** May be repeated: each offer ends once, and is reminded of once. */
  async run(): Promise<void> {
    const now = this.#clock.now();
    const overdue = await this.#find({ answerBy: LessThanOrEqual(now) });
    const ending = await this.#find({
      mode: 'live',
      remindedAt: IsNull(),
      updatedAt: LessThanOrEqual(new Date(now.getTime() - LEFT_ALONE_MS)),
      answerBy: Between(new Date(now.getTime() + 1), new Date(now.getTime() + REMINDED_BEFORE_MS)),
    });
    const steps = [
      ...overdue.map((id) => () => this.#lapse(id, now)),
      ...ending.map((id) => () => this.#remind(id, now)),
    ];
    const failures: unknown[] = [];
    // One that fails keeps none of the others from their turn.
    for (const step of steps) await step().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, 'Some offers were not seen to.');
  }

  async #find(where: FindOptionsWhere<ApplicationEntity>): Promise<readonly ApplicationId[]> {
    const found = await this.#database.run({ kind: 'system' }, (manager) =>
      manager.getRepository(ApplicationEntity).find({
        select: { id: true },
        where: { ...where, status: 'offered' },
        order: { answerBy: 'ASC', id: 'ASC' },
      }),
    );
    return found.map(({ id }) => id);
  }

  async #lapse(id: ApplicationId, now: Date): Promise<void> {
    const context = ownContext('offers.lapsing', now);
    const lapse = { to: 'lapsed', by: 'system', reason: 'offer_unanswered' } as const;
    const lapsing = this.#database.run({ kind: 'system' }, async (manager) => {
      const application = await this.#offered(context, manager, id);
      if (application !== undefined) await this.#changes.move(manager, context, application, lapse);
    });
    await lapsing.catch((error: unknown) => {
      // It was withdrawn meanwhile.
      if (!(error instanceof Failure && error.code === 'precondition_failed')) throw error;
    });
  }

  #remind(id: ApplicationId, now: Date): Promise<void> {
    const context = ownContext('offers.reminding', now);
    return this.#database.run({ kind: 'system' }, async (manager) => {
      const application = await this.#offered(context, manager, id);
      if (application?.answerBy == null) return;
      const letter = await this.#letters.offerEnding(manager, application, application.answerBy);
      const { affected } = await manager
        .getRepository(ApplicationEntity)
        .update({ id, status: 'offered', remindedAt: IsNull() }, { remindedAt: now });
      if (affected === 1 && letter !== undefined) await this.#notices.post(manager, letter);
    });
  }

  async #offered(
    context: RequestContext,
    manager: EntityManager,
    id: ApplicationId,
  ): Promise<ApplicationEntity | undefined> {
    const found = await manager.getRepository(ApplicationEntity).findBy({ id, status: 'offered' });
    const [application] = await this.#records.standing(context, manager, found);
    return application?.status === 'offered' ? application : undefined;
  }
}
