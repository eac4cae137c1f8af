import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { Clock } from '../../kernel/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { Logger } from '../../platform/logging/logger.js';
import { EntryPreparation } from '../append/entry-preparation.js';
import { Ledger } from '../append/ledger.js';
import { STAGED_CHANNEL } from '../channels.js';
import { OriginHasher } from '../entry/origin-hasher.js';
import { Alarms, type RaiseAlarms } from './alarms.js';
import { type Disagreement, TreeDisagrees } from './disagreement.js';
import { isElected, sequencerConnection, stayElected } from './election.js';
import { HeartbeatCheck } from './heartbeat-check.js';
import { HeartbeatFolder } from './heartbeat-folder.js';
import { StagingStore } from './staging-store.js';
import { Tree } from './tree.js';
import { type TreeParts, treeParts } from './tree-parts.js';

/** The longest sleep while work may be waiting. */
const IDLE_MS = 200;
/** How often a process that was not elected tries again, and one that has lost its connection. */
const RETRY_MS = 1_000;

/** Builds the tree: elected by an advisory lock, woken by new entries, taking over within seconds. */
@Injectable()
export class Sequencer implements OnApplicationShutdown {
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #ledger: Ledger;
  readonly #hasher: OriginHasher;
  readonly #alarms: Alarms;
  #running: Promise<void> | undefined;
  #isStopping = false;
  #wake: (() => void) | undefined;
  #hasNews = false;
  #complaint: Disagreement | undefined;

  constructor(
    settings: Settings,
    clock: Clock,
    logger: Logger,
    ledger: Ledger,
    preparation: EntryPreparation,
    hasher: OriginHasher,
  ) {
    this.#settings = settings;
    this.#clock = clock;
    this.#logger = logger;
    this.#ledger = ledger;
    this.#hasher = hasher;
    this.#alarms = new Alarms(clock, preparation);
  }

  /** Begins to compete for the election; does not wait for it. */
  start(): Promise<void> {
    this.#running ??= this.#run();
    return Promise.resolve();
  }

  /** Finishes the batch at hand, then gives the election up. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#wake?.();
    await this.#running;
  }

  onApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      try {
        await this.#term();
      } catch (error) {
        await this.#complain(error);
      }
      if (!this.#isStopping) await this.#sleep(RETRY_MS);
    }
  }

  /** One connection: competing, and once elected sequencing until it is lost. Another one then reads ahead. */
  async #term(): Promise<void> {
    const client = this.#connection();
    const reader = this.#connection();
    await client.connect();
    try {
      if (!(await isElected(client))) return;
      await client.query(`LISTEN ${STAGED_CHANNEL}`);
      await reader.connect();
      const { ledger } = this.#settings;
      const alarms = this.#raiseAlarms(client);
      await this.#sequence(client, treeParts(client, reader, ledger, this.#hasher, this.#clock, alarms));
    } finally {
      await Promise.all([client.end(), reader.end()]);
    }
  }

  #connection(): pg.Client {
    const client = sequencerConnection(this.#settings.database.sequencerUrl);
    const news = (): void => {
      this.#hasNews = true;
      this.#wake?.();
    };
    client.on('error', news);
    client.on('notification', news);
    return client;
  }

  async #sequence(client: pg.Client, parts: TreeParts): Promise<void> {
    const tree = await this.#open(parts);
    this.#logger.info('sequencer elected', { size: tree.size });
    const folder = new HeartbeatFolder(this.#settings.ledger.heartbeatDirectory);
    const heartbeats = new HeartbeatCheck({ ...parts, folder });
    while (!this.#isStopping) {
      this.#hasNews = false;
      const hasWorked = await tree.takeBatch();
      await heartbeats.check();
      if (hasWorked) continue;
      await stayElected(client);
      if (!this.#hasNews) await this.#sleep(IDLE_MS);
    }
  }

  /** Whether the database continues the tree is said there as well, where every process can see it. */
  async #open(parts: TreeParts): Promise<Tree> {
    try {
      const tree = await Tree.open(parts);
      this.#complaint = undefined;
      await parts.store.declare(undefined);
      return tree;
    } catch (error) {
      if (error instanceof TreeDisagrees) await parts.store.declare(error.reason);
      throw error;
    }
  }

  /** An alarm is a line of the log too, in case the ledger itself is the problem. */
  #raiseAlarms(client: pg.Client): RaiseAlarms {
    const { query } = new StagingStore(client);
    return async (findings) => {
      const drafts = this.#alarms.of(findings);
      for (const { action, reason, count } of drafts)
        this.#logger.warn(action, { reason: reason ?? null, count: count ?? 1 });
      await this.#alarms.stage(query, drafts);
    };
  }

  /** Says it once; a refusal to sign lasts until an operator has looked. */
  async #complain(error: unknown): Promise<void> {
    if (!(error instanceof TreeDisagrees)) {
      this.#logger.fault('sequencer faulted', error);
      return;
    }
    if (error.reason === this.#complaint) return;
    this.#complaint = error.reason;
    this.#logger.fault('ledger refuses to sign', error, { reason: error.reason });
    try {
      await this.#ledger.append(this.#alarms.refusalToSign(error.reason), 'staged');
    } catch (fault) {
      this.#logger.fault('refusal to sign not recorded', fault);
    }
  }

  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#wake = undefined;
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.#wake = wake;
    });
  }
}
