import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { Settings } from '../../../platform/config/settings.js';
import { noConnection, Outage, refuseDriver } from '../../../platform/database/outage.js';
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
      statementTimeoutMs: settings.database.timeoutMs,
      scope: 'identity',
    });
  }

  /** @throws Outage, also when there is no answer in time (`settings.database.timeoutMs`) */
  async run<Row extends object>({ name, text }: Statement, values: unknown[]): Promise<readonly Row[]> {
    const client = await this.#pool.connect().catch(noConnection);
    try {
      const { rows } = await client.query<Row>({ name, text, values }).catch(refuseDriver);
      client.release();
      return rows;
    } catch (error) {
      // What may still be under way on it ends with the connection.
      client.release(error instanceof Outage);
      throw error;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#pool.end();
  }
}
