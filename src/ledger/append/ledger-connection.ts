import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { Settings } from '../../platform/config/settings.js';
import { createPool } from '../../platform/database/pool.js';
import { STAGED_CHANNEL } from '../channels.js';
import type { Query } from './staging-statements.js';

/** The ledger's own few connections as role `sceau_app`, so that a record never waits behind business queries. */
@Injectable()
export class LedgerConnection implements OnApplicationShutdown {
  readonly #pool: pg.Pool;
  #isWaking = false;
  #incarnation = 0;
  #closing: Promise<void> | undefined;

  constructor(settings: Settings) {
    this.#pool = createPool(settings.database.appUrl, {
      applicationName: 'sceau-ledger',
      max: 3,
      connectTimeoutMs: settings.ledger.timeoutMs,
      statementTimeoutMs: settings.ledger.timeoutMs,
    });
    this.#pool.on('error', () => (this.#incarnation += 1));
  }

  readonly query: Query = async <Row extends object>(text: string, values: unknown[]) => {
    try {
      const { rows } = await this.#pool.query<Row>(text, values);
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
   * commit only one after the other, and this one has nothing to make durable. Lost, it costs the sequencer's own pause.
   */
  wakeSequencer(): void {
    if (this.#isWaking || this.#closing !== undefined) return;
    this.#isWaking = true;
    const done = (): void => {
      this.#isWaking = false;
    };
    this.#pool.query(`NOTIFY ${STAGED_CHANNEL}`).then(done, done);
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
