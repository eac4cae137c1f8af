import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { AdapterPayload } from 'oidc-provider';
import { Clock } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { INSTALLATION, type Sealed, Sealer } from '../../../sealing/index.js';
import { RECORD_PAYLOAD } from './places.js';

interface Row {
  row_id: string;
  payload: Sealed<AdapterPayload>;
}

const hash = (id: string): Buffer => createHash('sha256').update(id).digest();

/** Tokens of the authorization server: found by the hash of their value, which is kept nowhere, and sealed. */
@Injectable()
export class RecordStore {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #clock: Clock;

  constructor(database: Database, sealer: Sealer, clock: Clock) {
    this.#database = database;
    this.#sealer = sealer;
    this.#clock = clock;
  }

  /** @param seconds how long it lives */
  async put(
    model: string,
    id: string,
    { jti: _value, ...payload }: AdapterPayload,
    seconds: number,
  ): Promise<void> {
    const now = this.#clock.now().getTime();
    const row = newId<'record'>(now);
    const sealed = await this.#sealer.seal(RECORD_PAYLOAD, { subject: INSTALLATION, row }, payload);
    await this.#database.run({ kind: 'system' }, (manager) =>
      manager.query(
        `INSERT INTO oauth.record (model, id_hash, row_id, payload, expires_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (model, id_hash) DO UPDATE
         SET row_id = excluded.row_id, payload = excluded.payload, expires_at = excluded.expires_at`,
        [model, hash(id), row, sealed, new Date(now + seconds * 1_000)],
      ),
    );
  }

  async find(model: string, id: string): Promise<AdapterPayload | undefined> {
    const rows: Row[] = await this.#database.run({ kind: 'system' }, (manager) =>
      manager.query(
        'SELECT row_id, payload FROM oauth.record WHERE model = $1 AND id_hash = $2 AND expires_at > $3',
        [model, hash(id), this.#clock.now()],
      ),
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    const position = { subject: INSTALLATION, row: row.row_id };
    return { ...(await this.#sealer.openOperational(RECORD_PAYLOAD, position, row.payload)), jti: id };
  }

  async remove(model: string, id: string): Promise<void> {
    await this.#database.run({ kind: 'system' }, (manager) =>
      manager.query('DELETE FROM oauth.record WHERE model = $1 AND id_hash = $2', [model, hash(id)]),
    );
  }
}
