import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { Settings } from '../../platform/config/settings.js';
import { createPool } from '../../platform/database/pool.js';

/** Connections as role `sceau_auditor`, which can see the ledger's views and nothing else of the database. */
@Injectable()
export class AuditorConnection implements OnApplicationShutdown {
  readonly #pool: pg.Pool;

  constructor(settings: Settings) {
    this.#pool = createPool(settings.database.auditorUrl, {
      applicationName: 'sceau-auditor',
      max: 4,
      statementTimeoutMs: 10_000,
    });
  }

  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const { rows } = await this.#pool.query<Row>(text, [...values]);
    return rows;
  }

  onApplicationShutdown(): Promise<void> {
    return this.#pool.end();
  }
}
