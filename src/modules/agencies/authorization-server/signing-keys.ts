import { Injectable } from '@nestjs/common';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { newId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { INSTALLATION, type Sealed, Sealer } from '../../../sealing/index.js';
import { SIGNING_KEY } from '../persistence/places.js';
import { signingOrder } from './signing-order.js';

/** How often each process reads the keys. */
export const KEYS_READ_EVERY_MS = 60_000;

/** A day: whoever keeps a key set for longer than that does not follow HTTP's rules either. */
export const DEFAULT_OVERLAP_HOURS = 24;
const MOST_OVERLAP_HOURS = 24 * 90;

interface Row {
  row_id: string;
  jwk: Sealed<JWK>;
  created_at: Date;
}

/** The authorization server's own keys: sealed, and the same in every process. */
@Injectable()
export class SigningKeys {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(database: Database, sealer: Sealer, ledger: Ledger, clock: Clock) {
    this.#database = database;
    this.#sealer = sealer;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /**
   * What is to be published, the key that signs first. The first call of an installation makes one.
   * @throws Failure `keys_unavailable`, `sealed_value_unreadable` when a row is not what was written
   */
  async load(): Promise<readonly JWK[]> {
    const found = await this.#database.run({ kind: 'system' }, (manager) => this.#find(manager));
    const rows = found.length > 0 ? found : await this.#first();
    const keys = rows.map(async ({ row_id, jwk, created_at: createdAt }) => ({
      createdAt,
      jwk: await this.#sealer.openOperational(SIGNING_KEY, { subject: INSTALLATION, row: row_id }, jwk),
    }));
    return signingOrder(await Promise.all(keys), this.#clock.now()).map(({ jwk }) => jwk);
  }

  /**
   * Makes a new key. Every process publishes it within a minute and signs with it a minute after that; those before it
   * are published until the overlap is over, and destroyed by the rotation that comes next.
   * @returns the id of the new key
   * @throws Failure `invalid_request` for an overlap of less than an hour or more than 90 days
   */
  async rotate(
    context: RequestContext,
    overlapHours = DEFAULT_OVERLAP_HOURS,
  ): Promise<{ readonly kid: string; readonly retiresAt: Date }> {
    if (!Number.isInteger(overlapHours) || overlapHours < 1 || overlapHours > MOST_OVERLAP_HOURS)
      throw new Failure('invalid_request', { detail: 'The keys overlap for 1 to 2,160 whole hours.' });
    const now = this.#clock.now();
    const retiresAt = new Date(now.getTime() + overlapHours * 3_600_000);
    const { row, kid, sealed } = await this.#make(now);
    await this.#database.run({ kind: 'system' }, async (manager) => {
      await alone(manager);
      await manager.query('DELETE FROM oauth.signing_key WHERE retires_at <= $1', [now]);
      await manager.query('UPDATE oauth.signing_key SET retires_at = $1 WHERE retires_at IS NULL', [
        retiresAt,
      ]);
      await insert(manager, row, sealed, now);
      await this.#ledger.stage(manager, { action: 'key.signing_rotated', context, resource: kid });
    });
    return { kid, retiresAt };
  }

  #find(manager: EntityManager): Promise<Row[]> {
    return manager.query(
      'SELECT row_id, jwk, created_at FROM oauth.signing_key WHERE retires_at IS NULL OR retires_at > $1',
      [this.#clock.now()],
    );
  }

  /** Of several processes that start at once, one makes it. */
  async #first(): Promise<readonly Row[]> {
    const now = this.#clock.now();
    const { row, sealed } = await this.#make(now);
    return this.#database.run({ kind: 'system' }, async (manager) => {
      await alone(manager);
      const rows = await this.#find(manager);
      if (rows.length > 0) return rows;
      await insert(manager, row, sealed, now);
      return this.#find(manager);
    });
  }

  async #make(now: Date): Promise<{ row: string; kid: string; sealed: Sealed<JWK> }> {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const kid = newId<'key'>(now.getTime());
    const row = newId<'row'>(now.getTime());
    const jwk: JWK = { ...(await exportJWK(pair.privateKey)), alg: 'ES256', use: 'sig', kid };
    return { row, kid, sealed: await this.#sealer.seal(SIGNING_KEY, { subject: INSTALLATION, row }, jwk) };
  }
}

/** Lets one transaction after the other change the keys, and all of them read. */
async function alone(manager: EntityManager): Promise<void> {
  await manager.query('LOCK TABLE oauth.signing_key IN SHARE ROW EXCLUSIVE MODE');
}

async function insert(manager: EntityManager, row: string, jwk: Sealed<JWK>, now: Date): Promise<void> {
  await manager.query('INSERT INTO oauth.signing_key (row_id, jwk, created_at) VALUES ($1, $2, $3)', [
    row,
    jwk,
    now,
  ]);
}
