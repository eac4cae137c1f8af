import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { ownContext } from '../../kernel/own-context.js';
import { Randomness } from '../../kernel/randomness.js';
import { Settings } from '../../platform/config/settings.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { Logger } from '../../platform/logging/logger.js';
import { Ledger } from '../append/ledger.js';
import type { EntryDraft } from '../entry/entry.js';
import { TreeReader } from '../read/tree-reader.js';
import { type Sink, SinkObjects } from './sink.js';
import { SinkStore } from './sink-store.js';
import { dueMs } from './due.js';
import { openSinks } from './sinks.js';

/** Gives every sink the newest kept checkpoint, as jobs that are tried again with growing delays, and says who lacks it. */
@Injectable()
export class CheckpointPublication implements OnApplicationShutdown {
  readonly #settings: Settings;
  readonly #jobs: Jobs;
  readonly #tree: TreeReader;
  readonly #store: SinkStore;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #randomness: Randomness;
  readonly #logger: Logger;
  #sinks: ReadonlyMap<string, Sink> = new Map();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(
    settings: Settings,
    jobs: Jobs,
    tree: TreeReader,
    store: SinkStore,
    ledger: Ledger,
    clock: Clock,
    randomness: Randomness,
    logger: Logger,
  ) {
    this.#settings = settings;
    this.#jobs = jobs;
    this.#tree = tree;
    this.#store = store;
    this.#ledger = ledger;
    this.#clock = clock;
    this.#randomness = randomness;
    this.#logger = logger;
  }

  /** Begins to look after the sinks; without any there is nothing to do. */
  async start(): Promise<void> {
    const { sinks } = this.#settings.ledger;
    if (sinks.targets.length === 0) return;
    this.#sinks = await openSinks(this.#settings.ledger, this.#clock, this.#randomness);
    for (const name of this.#sinks.keys()) await this.#store.introduce(name, this.#clock.now());
    await this.#jobs.work('checkpoint', ({ sink }) => this.publish(sink));
    this.#timer = setInterval(() => {
      this.#looking = this.#looking.then(() => this.#lookSafely());
    }, sinks.everySeconds * 1_000);
  }

  /** Queues a job for each sink that is due a checkpoint or cannot be, and raises the alarm for those that lack it for long. */
  async look(): Promise<void> {
    const { alertSeconds } = this.#settings.ledger.sinks;
    for (const state of await this.#store.states([...this.#sinks.keys()])) {
      const { name, isAhead } = state;
      if (isAhead) await this.#jobs.sendOnce('checkpoint', name, { sink: name });
      const due = dueMs(state, this.#sinks.get(name)?.restMs ?? 0, this.#clock.now());
      if (due === undefined || due < 0) continue;
      await this.#jobs.sendOnce('checkpoint', name, { sink: name });
      if (due > alertSeconds * 1_000) await this.#alert(name);
    }
  }

  /** Gives one sink what it lacks. @throws whatever keeps it from being taken, so that the job is tried again */
  async publish(name: string): Promise<void> {
    const sink = this.#sinks.get(name);
    const [state] = await this.#store.states([name]);
    const checkpoint = await this.#tree.newestKept();
    // A sink that is not configured any more is not asked any more.
    if (sink === undefined || state === undefined || checkpoint === undefined) return;
    try {
      // It has what is not kept here any more, or somebody says so for it to get nothing any more.
      if (state.isAhead) throw new SinkObjects('fork');
      const known = state.epoch === checkpoint.epoch ? state.size : 0;
      const consistency = (from: number) => this.#tree.consistency(from, checkpoint.size);
      const { cosignature } = await sink.publish({ checkpoint, known, consistency });
      const wasInTrouble = await this.#store.accept(name, checkpoint, cosignature, this.#clock.now());
      if (wasInTrouble) await this.#record({ action: 'ledger.sink_recovered', resource: name });
    } catch (error) {
      if (error instanceof SinkObjects) await this.#object(name, error);
      throw error;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #lookSafely(): Promise<void> {
    try {
      await this.look();
    } catch (error) {
      this.#logger.fault('sinks not looked after', error);
    }
  }

  async #alert(name: string): Promise<void> {
    if (!(await this.#store.startAlert(name))) return;
    this.#logger.warn('sink behind', { sink: name });
    try {
      await this.#record({ action: 'ledger.sink_behind', resource: name, outcome: 'failed' });
    } catch (error) {
      await this.#store.forgetAlert(name);
      throw error;
    }
  }

  /** Says it once, until the sink accepts again or objects to something else. */
  async #object(name: string, { objection }: SinkObjects): Promise<void> {
    if (!(await this.#store.object(name, objection))) return;
    this.#logger.warn('sink objects', { sink: name, objection });
    try {
      await this.#record({
        action: 'ledger.sink_objected',
        resource: name,
        outcome: 'refused',
        reason: objection,
      });
    } catch (error) {
      await this.#store.object(name, null);
      throw error;
    }
  }

  async #record(draft: Omit<EntryDraft, 'context'>): Promise<void> {
    const context = ownContext('sinks', this.#clock.now());
    await this.#ledger.append({ ...draft, context }, 'staged');
  }
}
