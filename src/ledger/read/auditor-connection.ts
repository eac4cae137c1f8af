import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { Settings } from '../../platform/config/settings.js';
import { createPool } from '../../platform/database/pool.js';

const PATIENCE_MS = 120_000;

/** Connections as role `sceau_auditor`, which can see the ledger's views and nothing else of the database. */
@Injectable()
export class AuditorConnection implements OnApplicationShutdown {
  readonly #pool: pg.Pool;
  readonly #patient: pg.Pool;

  constructor({ database: { auditorUrl } }: Settings) {
    const applicationName = 'sceau-auditor';
    this.#pool = createPool(auditorUrl, { applicationName, max: 4, statementTimeoutMs: 10_000 });
    this.#patient = createPool(auditorUrl, { applicationName, max: 2, statementTimeoutMs: PATIENCE_MS });
  }

  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const { rows } = await this.#pool.query<Row>(text, [...values]);
    return rows;
  }

  /** For what a person waits for and nobody else is kept waiting by: minutes, where a page has ten seconds. */
  async queryPatiently<Row extends object>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    const { rows } = await this.#patient.query<Row>(text, [...values]);
    return rows;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.#pool.end(), this.#patient.end()]);
  }
}
