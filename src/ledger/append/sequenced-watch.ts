import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { Settings } from '../../platform/config/settings.js';
import { CHECKPOINT_CHANNEL } from '../channels.js';
import { LedgerConnection } from './ledger-connection.js';

/** How often it asks without being told, in case a notification is lost with its connection. */
const POLL_MS = 250;

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

/** Knows when entries are covered by a signed checkpoint: told by the sequencer, asked of the tree. */
@Injectable()
export class SequencedWatch implements OnApplicationShutdown {
  readonly #settings: Settings;
  readonly #connection: LedgerConnection;
  readonly #waiting = new Map<string, Waiting>();
  #listener: Promise<pg.Client> | undefined;
  #poll: NodeJS.Timeout | undefined;
  #asking = false;
  #again = false;

  constructor(settings: Settings, connection: LedgerConnection) {
    this.#settings = settings;
    this.#connection = connection;
  }

  /** Resolves once a checkpoint covers the entry; rejects after `timeoutMs`. */
  covered(entryId: string, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.#settle(entryId, (waiting) => waiting.reject(new Error('No checkpoint in time.'))),
        timeoutMs,
      );
      this.#waiting.set(entryId, { resolve, reject, timer });
      this.#poll ??= setInterval(() => void this.#ask(), POLL_MS);
      this.#listen();
      void this.#ask();
    });
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#poll);
    const listener = await this.#listener?.catch(() => undefined);
    await listener?.end();
  }

  /** Without a listener the answer comes at the next poll. */
  #listen(): void {
    const lost = (): void => {
      this.#listener = undefined;
    };
    this.#listener ??= this.#connect(lost);
    this.#listener.catch(lost);
  }

  async #connect(lost: () => void): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#settings.database.appUrl,
      application_name: 'sceau-ledger-listen',
      connectionTimeoutMillis: this.#settings.ledger.timeoutMs,
      keepAlive: true,
    });
    client.on('notification', () => void this.#ask());
    client.on('error', lost);
    client.on('end', lost);
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
      const rows = await this.#connection.query<{ entry_id: string }>(
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
    if (this.#waiting.size === 0) {
      clearInterval(this.#poll);
      this.#poll = undefined;
    }
    how(waiting);
  }
}
