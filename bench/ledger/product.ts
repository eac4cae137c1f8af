import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Exposures, Ledger, LedgerReader, LedgerVerifier } from '../../src/ledger/index.js';
import { inTemporaryFolder } from '../harness/temporary-folder.ts';
import { startEmbeddedPostgres } from '../../tools/embedded-postgres.ts';
import { startRooms } from './rooms.ts';

const WORKER = join(import.meta.dirname, '..', '..', 'dist', 'worker.js');
const POLL_MS = 20;

/** How the sequencer got on with what was staged. */
export interface Drained {
  readonly entries: number;
  /** From its first checkpoint to its last: starting the process is not in it. */
  readonly perSecond: number;
}

/** The product's rooms on a PostgreSQL that survives a power failure: every commit reaches the disk. */
export class Product {
  readonly ledger: Ledger;
  readonly exposures: Exposures;
  readonly reader: LedgerReader;
  readonly verifier: LedgerVerifier;
  /** A connection as the database's owner. */
  readonly owner: pg.Client;
  readonly ownerUrl: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #close: () => Promise<void>;
  #worker: ChildProcess | undefined;

  private constructor(
    {
      ledger,
      exposures,
      reader,
      verifier,
      environment,
    }: Omit<Awaited<ReturnType<typeof startRooms>>, 'close'>,
    owner: pg.Client,
    ownerUrl: string,
    close: () => Promise<void>,
  ) {
    this.ledger = ledger;
    this.exposures = exposures;
    this.reader = reader;
    this.verifier = verifier;
    this.owner = owner;
    this.ownerUrl = ownerUrl;
    this.#environment = environment;
    this.#close = close;
  }

  static async start(home: string): Promise<Product> {
    const postgres = await startEmbeddedPostgres({ home, durable: true });
    try {
      const { close, ...rooms } = await startRooms(postgres.url, home);
      const owner = new pg.Client({ connectionString: postgres.url });
      await owner.connect();
      return new Product(rooms, owner, postgres.url, async () => {
        await close();
        await owner.end();
        await postgres.stop();
      });
    } catch (error) {
      await postgres.stop();
      throw error;
    }
  }

  /** Begins to sequence, in a process of its own as in operation. */
  async startWorker(): Promise<void> {
    this.#worker = fork(WORKER, [], {
      env: this.#environment,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await once(this.#worker, 'message');
  }

  async stopWorker(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    if (worker === undefined || worker.exitCode !== null) return;
    worker.kill('SIGTERM');
    await once(worker, 'exit');
  }

  /** Sequences all that is staged, with nobody appending meanwhile. */
  async drain(signal: AbortSignal): Promise<Drained> {
    const before = await this.#state();
    await this.startWorker();
    let first: { readonly size: number; readonly at: number } | undefined;
    for (;;) {
      signal.throwIfAborted();
      const { size, staged } = await this.#state();
      if (first === undefined && size > before.size) first = { size, at: performance.now() };
      if (first !== undefined && !staged) {
        const seconds = (performance.now() - first.at) / 1_000;
        await this.stopWorker();
        return { entries: size - before.size, perSecond: (size - first.size) / seconds };
      }
      await pause(POLL_MS);
    }
  }

  /** Resolves once the sequencer that is at work has nothing left, and the server has written what the load has made. */
  async rest(signal: AbortSignal): Promise<void> {
    while ((await this.#state()).staged) {
      signal.throwIfAborted();
      await pause(POLL_MS);
    }
    await this.owner.query('VACUUM audit.staging');
    await this.owner.query('CHECKPOINT');
  }

  async stop(): Promise<void> {
    await this.stopWorker();
    await this.#close();
  }

  async #state(): Promise<{ readonly size: number; readonly staged: boolean }> {
    const { rows } = await this.owner.query<{ size: number | null; staged: boolean }>(
      'SELECT (SELECT size::float8 FROM audit.signed_head) AS size, EXISTS (SELECT FROM audit.staging) AS staged',
    );
    return { size: rows[0]?.size ?? 0, staged: rows[0]?.staged === true };
  }
}

/** The product on an empty database of its own, and nothing of it afterwards. */
export function onDatabase<Result>(work: (product: Product) => Promise<Result>): Promise<Result> {
  return inTemporaryFolder(async (folder) => {
    const product = await Product.start(folder);
    try {
      return await work(product);
    } finally {
      await product.stop();
    }
  });
}
