import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database.js';
import { Sweeping } from './sweeping.js';

/** A client’s assertion, its proof for the token endpoint, its proof for the API: each has identifiers of its own. */
export type Presented = 'assertion' | 'token_proof' | 'proof';

/** What was presented once and must not be presented again, to whatever process. */
@Injectable()
export class ReplayStore {
  readonly #database: Database;
  readonly #sweeping: Sweeping;

  constructor(database: Database, sweeping: Sweeping) {
    this.#database = database;
    this.#sweeping = sweeping;
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
    await this.#sweeping.pass();
    const [row] = await this.#database.ask<{ is_first: boolean }>(
      'SELECT oauth.first_use($1, $2) AS is_first',
      [digest, expiresAt],
    );
    return row?.is_first === true;
  }
}
