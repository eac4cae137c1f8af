import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { Settings } from '../../platform/config/settings.js';
import { commit } from '../../platform/database/commit.js';
import { createPool } from '../../platform/database/pool.js';

const PATIENCE_MS = 120_000;

export type AuditorQuery = <Row extends object>(
  text: string,
  values?: readonly unknown[],
) => Promise<readonly Row[]>;

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

  /**
   * A statement whose plan is the same whatever it is asked: each connection thinks of it once, where there are many
   * months to think of.
   */
  async queryPrepared<Row extends object>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<readonly Row[]> {
    const { rows } = await this.#pool.query<Row>({ name, text, values: [...values] });
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

  /**
   * Statements about one state of the ledger. Snapshots do not cover a table that is dropped, so its locks come before
   * the first statement that reads: a month that goes meanwhile waits for the end.
   */
  async snapshot<Result>(work: (query: AuditorQuery) => Promise<Result>): Promise<Result> {
    const client = await this.#pool.connect();
    try {
      await client.query(
        `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
         LOCK TABLE audit.leaves, audit.subject_records IN ACCESS SHARE MODE`,
      );
      const result = await work(async <Row extends object>(text: string, values: readonly unknown[] = []) => {
        const { rows } = await client.query<Row>(text, [...values]);
        return rows;
      });
      await commit(client);
      client.release();
      return result;
    } catch (error) {
      // With the connection goes whatever was open on it.
      client.release(true);
      throw error;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.#pool.end(), this.#patient.end()]);
  }
}
