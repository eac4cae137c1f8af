import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { Database } from '../../../platform/database/database.js';

/** How often what has expired is swept, in uses. */
const SWEEP_EVERY = 500;

/** What was used once and must not be used again, for every process. */
@Injectable()
export class ReplayStore {
  readonly #database: Database;
  readonly #clock: Clock;
  #uses = 0;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /**
   * Marks something as used. One statement, so that of any number at the same moment exactly one gets `true`.
   * @param expiresAt until when it could be presented again
   */
  async isFirstUse(kind: string, issuer: string, identifier: string, expiresAt: Date): Promise<boolean> {
    const digest = createHash('sha256')
      .update(JSON.stringify([kind, issuer, identifier]))
      .digest();
    this.#uses += 1;
    return this.#database.run({ kind: 'system' }, async (manager) => {
      if (this.#uses % SWEEP_EVERY === 0) {
        await manager.query('DELETE FROM oauth.replay WHERE expires_at < $1', [this.#clock.now()]);
        await manager.query('DELETE FROM oauth.record WHERE expires_at < $1', [this.#clock.now()]);
      }
      const rows: unknown[] = await manager.query(
        'INSERT INTO oauth.replay (digest, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1',
        [digest, expiresAt],
      );
      return rows.length === 1;
    });
  }
}
