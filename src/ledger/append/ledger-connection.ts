import { createHash } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { Settings } from '../../platform/config/settings.js';
import { createPool } from '../../platform/database/pool.js';
import { STAGED_CHANNEL } from '../channels.js';
import type { Query } from './staging-statements.js';

/** How long nobody is woken again: whoever was is still at work. */
const WAKE_PAUSE_MS = 5;

/** The ledger's own few connections as role `sceau_app`, so that a record never waits behind business queries. */
@Injectable()
export class LedgerConnection implements OnApplicationShutdown {
  readonly #pool: pg.Pool;
  readonly #names = new Map<string, string>();
  #isWaking = false;
  #isWakeDue = false;
  #incarnation = 0;
  #closing: Promise<void> | undefined;

  constructor(settings: Settings) {
    this.#pool = createPool(settings.database.appUrl, {
      applicationName: 'sceau-ledger',
      max: 4,
      connectTimeoutMs: settings.ledger.timeoutMs,
      statementTimeoutMs: settings.ledger.timeoutMs,
    });
    this.#pool.on('error', () => (this.#incarnation += 1));
  }

  /** Statements are prepared once on each connection: there are few, and they come again all the time. */
  readonly query: Query = async <Row extends object>(text: string, values: unknown[]) => {
    try {
      const { rows } = await this.#pool.query<Row>({ name: this.#nameOf(text), text, values });
      return rows;
    } catch (error) {
      this.#incarnation += 1;
      throw error;
    }
  };

  /** Counts the faults: as long as it is the same, the server is the one that was there before. */
  get incarnation(): number {
    return this.#incarnation;
  }

  /**
   * Tells the sequencer that there is work. Apart from the append itself: PostgreSQL lets transactions that notify
   * commit only one after the other, and this one has nothing to make durable, so it does not keep the disk from those
   * that have. Lost, it costs the sequencer's own pause.
   */
  wakeSequencer(): void {
    this.#isWakeDue = true;
    if (this.#isWaking || this.#closing !== undefined) return;
    this.#isWaking = true;
    this.#isWakeDue = false;
    const rest = (): void => void setTimeout(() => this.#wakeAgain(), WAKE_PAUSE_MS).unref();
    this.#pool
      .query(`BEGIN; SET LOCAL synchronous_commit = off; NOTIFY ${STAGED_CHANNEL}; COMMIT`)
      .then(rest, rest);
  }

  #wakeAgain(): void {
    this.#isWaking = false;
    if (this.#isWakeDue) this.wakeSequencer();
  }

  #nameOf(text: string): string {
    const name = this.#names.get(text) ?? createHash('sha256').update(text).digest('base64url');
    this.#names.set(text, name);
    return name;
  }

  /** Can be called more than once; whoever uses the connection to the end closes it. */
  close(): Promise<void> {
    this.#closing ??= this.#pool.end();
    return this.#closing;
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }
}
