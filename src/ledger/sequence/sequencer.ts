import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { Clock } from '../../kernel/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { Logger } from '../../platform/logging/logger.js';
import { ChangeStream } from '../append/change-stream.js';
import { Ledger } from '../append/ledger.js';
import type { Query } from '../append/staging-statements.js';
import { STAGED_CHANNEL } from '../channels.js';
import { OriginHasher } from '../entry/origin-hasher.js';
import { Alarms } from './alarms.js';
import { CheckpointKey } from './checkpoint-key.js';
import { type Disagreement, TreeDisagrees } from './disagreement.js';
import { Examination } from './examination.js';
import { StagingStore } from './staging-store.js';
import { StateFile } from './state-file.js';
import { type RaiseAlarms, Tree } from './tree.js';
import { TreeStore } from './tree-store.js';

/** Only one process of an installation sequences; this is what they compete for. */
const ELECTION_LOCK = 7_346_421;
/** The longest sleep while work may be waiting. */
const IDLE_MS = 200;
/** How often a process that was not elected tries again, and one that has lost its connection. */
const RETRY_MS = 1_000;
/** A sequencer asks every `IDLE_MS`. One that is silent for this long is gone, whatever its connection looks like. */
const SILENCE_MS = 5_000;
/** A server that does not answer for this long is given up. */
const ANSWER_MS = 30_000;

/** Builds the tree: elected by an advisory lock, woken by new entries, taking over within seconds. */
@Injectable()
export class Sequencer implements OnApplicationShutdown {
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #ledger: Ledger;
  readonly #changes: ChangeStream;
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
    changes: ChangeStream,
    hasher: OriginHasher,
  ) {
    this.#settings = settings;
    this.#clock = clock;
    this.#logger = logger;
    this.#ledger = ledger;
    this.#changes = changes;
    this.#hasher = hasher;
    this.#alarms = new Alarms(clock);
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

  /** One connection: competing, and once elected sequencing until it is lost. */
  async #term(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#settings.database.sequencerUrl,
      application_name: 'sceau-sequencer',
      connectionTimeoutMillis: SILENCE_MS,
      query_timeout: ANSWER_MS,
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
      await client.query(`LISTEN ${STAGED_CHANNEL}`);
      const tree = await this.#open(client);
      this.#complaint = undefined;
      this.#logger.info('sequencer elected', { size: tree.size });
      while (!this.#isStopping) {
        this.#hasNews = false;
        const hasWorked = await tree.takeBatch();
        if (!hasWorked && !this.#hasNews) await this.#sleep(IDLE_MS);
      }
    } finally {
      await client.end();
    }
  }

  /** Whoever is elected and then falls silent loses the lock with the session, by the server's own doing. */
  async #isElected(client: pg.Client): Promise<boolean> {
    await client.query(
      `SELECT set_config('idle_session_timeout', $1, false), set_config('idle_in_transaction_session_timeout', $1, false)`,
      [String(SILENCE_MS)],
    );
    const { rows } = await client.query<{ elected: boolean }>('SELECT pg_try_advisory_lock($1) AS elected', [
      ELECTION_LOCK,
    ]);
    return rows[0]?.elected === true;
  }

  #open(client: pg.Client): Promise<Tree> {
    const { origin, stateDirectory } = this.#settings.ledger;
    const staging = new StagingStore(client);
    return Tree.open({
      staging,
      store: new TreeStore(client),
      examination: new Examination(staging, this.#hasher),
      state: new StateFile(stateDirectory),
      origin,
      key: (name, isNewTree) => CheckpointKey.load(stateDirectory, name, isNewTree),
      raiseAlarms: this.#raiseAlarms(client),
      clock: this.#clock,
    });
  }

  /** An alarm is a line of the log too, in case the ledger itself is the problem. */
  #raiseAlarms(client: pg.Client): RaiseAlarms {
    const query: Query = async <Row extends object>(text: string, values: unknown[]) =>
      (await client.query<Row>(text, values)).rows;
    return async (admission) => {
      for (const draft of this.#alarms.of(admission)) {
        this.#logger.warn(draft.action, { reason: draft.reason ?? null, count: draft.count ?? 1 });
        await this.#changes.stage(query, draft, AbortSignal.timeout(SILENCE_MS / 2));
      }
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
