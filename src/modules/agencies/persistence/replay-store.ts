import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { Database } from '../../../platform/database/database.js';

/** Expired rows that each new one takes with it: more than one, so that none gather. */
const SWEPT_WITH_EACH = 10;

/** A client’s assertion, its proof for the token endpoint, its proof for the API: each has identifiers of its own. */
export type Presented = 'assertion' | 'token_proof' | 'proof';

/** What was presented once and must not be presented again, to whatever process. */
@Injectable()
export class ReplayStore {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /**
   * Marks something as used. One statement decides, so that of any number at the same moment exactly one gets `true`.
   * @param issuer whoever chose the identifier: two clients may choose the same
   * @param expiresAt until when it could be presented again
   */
  async isFirstUse(kind: Presented, issuer: string, identifier: string, expiresAt: Date): Promise<boolean> {
    const digest = createHash('sha256')
      .update(JSON.stringify([kind, issuer, identifier]))
      .digest();
    return this.#database.run({ kind: 'system' }, async (manager) => {
      const rows: unknown[] = await manager.query(
        'INSERT INTO oauth.replay (digest, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1',
        [digest, expiresAt],
      );
      await manager.query(
        `DELETE FROM oauth.replay WHERE digest IN (
           SELECT digest FROM oauth.replay WHERE expires_at <= $1 LIMIT ${SWEPT_WITH_EACH} FOR UPDATE SKIP LOCKED)`,
        [this.#clock.now()],
      );
      return rows.length === 1;
    });
  }
}
