import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { Settings } from '../../platform/config/settings.js';
import { createPool } from '../../platform/database/pool.js';

export const CHECKPOINT_CHANNEL = 'sceau_checkpoint';

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

/** Knows when entries are covered by a signed checkpoint: told by the sequencer, asked of the tree. */
@Injectable()
export class SequencedWatch implements OnApplicationShutdown {
  readonly #settings: Settings;
  readonly #pool: pg.Pool;
  readonly #waiting = new Map<string, Waiting>();
  #listener: Promise<pg.Client> | undefined;
  #asking = false;
  #again = false;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#pool = createPool(settings.database.appUrl, {
      applicationName: 'sceau-ledger-watch',
      max: 1,
      connectTimeoutMs: settings.ledger.timeoutMs,
      statementTimeoutMs: settings.ledger.timeoutMs,
    });
  }

  /** Resolves once a checkpoint covers the entry; rejects after `timeoutMs`. */
  async covered(entryId: string, timeoutMs: number): Promise<void> {
    await this.#listen();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(entryId);
        reject(new Error('No checkpoint in time.'));
      }, timeoutMs);
      this.#waiting.set(entryId, { resolve, reject, timer });
      void this.#ask();
    });
  }

  async onApplicationShutdown(): Promise<void> {
    const listener = await this.#listener?.catch(() => undefined);
    await listener?.end();
    await this.#pool.end();
  }

  async #listen(): Promise<void> {
    this.#listener ??= this.#connect();
    try {
      await this.#listener;
    } catch (cause) {
      this.#listener = undefined;
      throw cause;
    }
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#settings.database.appUrl,
      application_name: 'sceau-ledger-listen',
      connectionTimeoutMillis: this.#settings.ledger.timeoutMs,
      keepAlive: true,
    });
    const lost = (): void => {
      this.#listener = undefined;
    };
    client.on('notification', () => void this.#ask());
    client.once('error', lost);
    client.once('end', lost);
    await client.connect();
    await client.query(`LISTEN ${CHECKPOINT_CHANNEL}`);
    return client;
  }

  /** One question for all who wait; a notification during it leads to one more. */
  async #ask(): Promise<void> {
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#asking = true;
    do {
      this.#again = false;
      await this.#askOnce();
    } while (this.#again);
    this.#asking = false;
  }

  async #askOnce(): Promise<void> {
    const ids = [...this.#waiting.keys()];
    if (ids.length === 0) return;
    try {
      const { rows } = await this.#pool.query<{ entry_id: string }>(
        'SELECT entry_id::text FROM audit.sequenced($1::uuid[])',
        [ids],
      );
      for (const { entry_id: id } of rows) this.#settle(id, (waiting) => waiting.resolve());
    } catch (cause) {
      for (const id of ids) this.#settle(id, (waiting) => waiting.reject(cause));
    }
  }

  #settle(id: string, how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    this.#waiting.delete(id);
    how(waiting);
  }
}
