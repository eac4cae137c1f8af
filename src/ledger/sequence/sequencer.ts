import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import { Settings } from '../../platform/config/settings.js';
import { Logger } from '../../platform/logging/logger.js';
import { Ledger } from '../append/ledger.js';
import type { Action } from '../entry/vocabulary.js';
import { CheckpointKey } from './checkpoint-key.js';
import { Tree, TreeDisagrees } from './tree.js';
import { TreeStore } from './tree-store.js';

/** Only one process of an installation sequences; this is what they compete for. */
const ELECTION_LOCK = 7_346_421;
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
  #running: Promise<void> | undefined;
  #stopping = false;
  #wake: (() => void) | undefined;
  #hasNews = false;

  constructor(settings: Settings, clock: Clock, logger: Logger, ledger: Ledger) {
    this.#settings = settings;
    this.#clock = clock;
    this.#logger = logger;
    this.#ledger = ledger;
  }

  /** Begins to compete for the election; does not wait for it. */
  start(): Promise<void> {
    this.#running ??= this.#run();
    return Promise.resolve();
  }

  /** Finishes the batch at hand, then gives the election up. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake?.();
    await this.#running;
  }

  onApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      try {
        await this.#term();
      } catch (error) {
        const event = error instanceof TreeDisagrees ? 'ledger refuses to sign' : 'sequencer faulted';
        this.#logger.fault(event, error);
      }
      if (!this.#stopping) await this.#sleep(RETRY_MS);
    }
  }

  /** One connection: competing, and once elected sequencing until it is lost. */
  async #term(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#settings.database.sequencerUrl,
      application_name: 'sceau-sequencer',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    const news = (): void => {
      this.#hasNews = true;
      this.#wake?.();
    };
    client.on('error', news);
    client.on('notification', news);
    await client.connect();
    try {
      if (!(await this.#isElected(client))) return;
      await client.query('LISTEN sceau_staged');
      const tree = await this.#open(client);
      this.#logger.info('sequencer elected', { size: tree.size });
      while (!this.#stopping) {
        this.#hasNews = false;
        const batch = await tree.takeBatch();
        for (const id of batch.forged) await this.#report('ledger.entry_forged', 'unsigned', id);
        for (const gap of batch.gaps)
          await this.#report('ledger.writer_gap', 'missing', gap.writer, gap.to - gap.from + 1);
        if (batch.sequenced === 0 && !this.#hasNews) await this.#sleep(IDLE_MS);
      }
    } finally {
      await client.end();
    }
  }

  async #isElected(client: pg.Client): Promise<boolean> {
    const { rows } = await client.query<{ elected: boolean }>('SELECT pg_try_advisory_lock($1) AS elected', [
      ELECTION_LOCK,
    ]);
    return rows[0]?.elected === true;
  }

  async #open(client: pg.Client): Promise<Tree> {
    const { origin, stateDirectory } = this.#settings.ledger;
    const store = new TreeStore(client);
    const { epoch } = await store.head();
    const key = await CheckpointKey.load(stateDirectory, `${origin}/${epoch}`);
    return Tree.open({ store, directory: stateDirectory, origin, key, clock: this.#clock });
  }

  /** An alarm is an entry too, and a line of the log in case the ledger itself is the problem. */
  async #report(action: Action, reason: string, resource: string, count = 1): Promise<void> {
    this.#logger.warn(action, { reason, count });
    const context = {
      requestId: newId<'request'>(this.#clock.now().getTime()),
      actor: { kind: 'system', name: 'sequencer' },
      locale: 'en',
      address: 'local',
    } as const;
    await this.#ledger.append({ action, context, resource, reason, outcome: 'failed', count }, 'staged');
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
