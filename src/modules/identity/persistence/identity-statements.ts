import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { Failure } from '../../../kernel/errors.js';
import { Settings } from '../../../platform/config/settings.js';
import { createPool } from '../../../platform/database/pool.js';

/** A statement that each connection prepares once, under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/**
 * Single statements on behalf of `identity`, each a transaction by itself and one round trip: what every request and
 * every sign-in asks. These connections are in that scope for good, which a transaction of `Database` takes three more
 * round trips to enter and leave.
 */
@Injectable()
export class IdentityStatements implements OnApplicationShutdown {
  readonly #pool: pg.Pool;

  constructor(settings: Settings) {
    this.#pool = createPool(settings.database.appUrl, {
      applicationName: 'sceau-identity',
      max: 4,
      scope: 'identity',
    });
  }

  /** @throws Failure `service_unavailable` when no connection is to be had */
  async run<Row extends object>({ name, text }: Statement, values: unknown[]): Promise<readonly Row[]> {
    const client = await this.#connect();
    try {
      return (await client.query<Row>({ name, text, values })).rows;
    } finally {
      client.release();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#pool.end();
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (cause) {
      throw new Failure('service_unavailable', { headers: { 'retry-after': '2' }, cause });
    }
  }
}
