import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type EntityManager, IsNull, LessThan } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import { Failure } from '../../kernel/errors.js';
import { fractionFrom, Randomness } from '../../kernel/randomness.js';
import { Database } from '../../platform/database/database.js';
import { Logger } from '../../platform/logging/logger.js';
import { INSTALLATION, Sealer } from '../../sealing/index.js';
import { CanaryLife, type Pace } from './canary-life.js';
import { PLANTING } from './persistence/places.js';
import { PlantingEntity } from './persistence/planting.entity.js';
import { personFor, type Planting, type PlantingId } from './planting.js';

const LOOK_EVERY_MS = 10_000;
/** Longer than a life takes. Whoever holds it longer is not there any more. */
const HELD_MS = 2 * 3_600_000;
const MOST_ATTEMPTS = 5;
/** What another try would meet again. */
const FINAL: ReadonlySet<string> = new Set(['vacancy_not_open', 'deadline_passed', 'not_found', 'conflict']);

interface Begun extends Planting {
  readonly id: PlantingId;
  readonly attempt: number;
}

/**
 * The canaries that this process lets live. The processes that serve everybody do it: each entry of the ledger names the
 * process that wrote it, and whatever wrote canaries' alone would name them.
 */
@Injectable()
export class CanaryLives implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #life: CanaryLife;
  readonly #clock: Clock;
  readonly #randomness: Randomness;
  readonly #logger: Logger;
  readonly #stopping = new AbortController();
  readonly #lives = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(
    database: Database,
    sealer: Sealer,
    life: CanaryLife,
    clock: Clock,
    randomness: Randomness,
    logger: Logger,
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#life = life;
    this.#clock = clock;
    this.#randomness = randomness;
    this.#logger = logger;
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#looking;
    await this.settled();
  }

  /** Begins the lives that are due. What goes wrong is logged, and tried again with the next look. */
  look(): Promise<void> {
    this.#looking ??= this.#beginDue().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  /** Until none is being lived here. */
  async settled(): Promise<void> {
    await Promise.all(this.#lives);
  }

  async #beginDue(): Promise<void> {
    try {
      const due = await this.#database.run({ kind: 'system' }, (manager) => this.#take(manager));
      for (const planting of due) {
        const life = this.#live(planting).finally(() => this.#lives.delete(life));
        this.#lives.add(life);
      }
    } catch (error) {
      this.#logger.fault('canaries that are due were not looked for', error);
    }
  }

  /** Those that are due and that no process holds, which this one holds from now on. */
  async #take(manager: EntityManager): Promise<readonly Begun[]> {
    const now = this.#clock.now();
    const plantings = manager.getRepository(PlantingEntity);
    const rows = await plantings.find({
      where: [{ heldUntil: IsNull() }, { heldUntil: LessThan(now) }],
      lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' },
    });
    const taken: Begun[] = [];
    for (const { id, content, attempt: before } of rows) {
      const own = { subject: INSTALLATION, row: id };
      const planting = await this.#sealer.openOperational(PLANTING, own, content);
      if (new Date(planting.due) > now) continue;
      const attempt = before + 1;
      await plantings.update({ id }, { attempt, heldUntil: new Date(now.getTime() + HELD_MS) });
      taken.push({ ...planting, id, attempt });
    }
    return taken;
  }

  async #live(planting: Begun): Promise<void> {
    try {
      const person = personFor(planting, planting.attempt);
      await this.#life.live(planting.vacancyId, person, this.#paceOf(planting));
      await this.#end(planting);
    } catch (error) {
      await this.#giveUp(planting, error);
    }
  }

  #paceOf({ longestPause }: Planting): Pace {
    const { signal } = this.#stopping;
    const wait = async (milliseconds: number): Promise<void> => {
      await sleep(milliseconds, undefined, { signal, ref: false });
    };
    return { wait, pause: () => wait(Math.floor(longestPause * fractionFrom(this.#randomness))) };
  }

  /** Begun anew by whoever looks next where this process is about to end, later where something was out of order. */
  async #giveUp(planting: Begun, error: unknown): Promise<void> {
    const { id, attempt } = planting;
    try {
      if (this.#stopping.signal.aborted)
        await this.#database.run({ kind: 'system' }, (manager) =>
          manager.getRepository(PlantingEntity).update({ id }, { heldUntil: null }),
        );
      else {
        this.#logger.fault('a canary was not planted', error, { attempt });
        const isFinal = error instanceof Failure && FINAL.has(error.code);
        if (isFinal || attempt >= MOST_ATTEMPTS) await this.#end(planting);
      }
    } catch (cause) {
      this.#logger.fault('a canary stays held', cause, { attempt });
    }
  }

  async #end({ id }: Begun): Promise<void> {
    await this.#database.run({ kind: 'system' }, (manager) =>
      manager.getRepository(PlantingEntity).delete({ id }),
    );
  }
}
