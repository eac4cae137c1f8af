import { Injectable } from '@nestjs/common';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { Clock } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { INSTALLATION, type Sealed, Sealer } from '../../../sealing/index.js';
import { SIGNING_KEY } from '../persistence/places.js';

interface Row {
  row_id: string;
  jwk: Sealed<JWK>;
}

/** The authorization server's own key: made once, sealed, the same in every process. */
@Injectable()
export class SigningKey {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #clock: Clock;

  constructor(database: Database, sealer: Sealer, clock: Clock) {
    this.#database = database;
    this.#sealer = sealer;
    this.#clock = clock;
  }

  async load(): Promise<JWK> {
    const row = (await this.#find()) ?? (await this.#create());
    return this.#sealer.openOperational(SIGNING_KEY, { subject: INSTALLATION, row: row.row_id }, row.jwk);
  }

  async #find(): Promise<Row | undefined> {
    const rows: Row[] = await this.#database.run({ kind: 'system' }, (manager) =>
      manager.query('SELECT row_id, jwk FROM oauth.signing_key'),
    );
    return rows[0];
  }

  async #create(): Promise<Row> {
    const now = this.#clock.now();
    const pair = await generateKeyPair('ES256', { extractable: true });
    const kid = newId<'key'>(now.getTime());
    const row = newId<'row'>(now.getTime());
    const jwk: JWK = { ...(await exportJWK(pair.privateKey)), alg: 'ES256', use: 'sig', kid };
    const sealed = await this.#sealer.seal(SIGNING_KEY, { subject: INSTALLATION, row }, jwk);
    await this.#database.run({ kind: 'system' }, (manager) =>
      manager.query(
        'INSERT INTO oauth.signing_key (row_id, jwk, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
        [row, sealed, now],
      ),
    );
    const kept = await this.#find();
    if (kept === undefined) throw new Error('The signing key was just made.');
    return kept;
  }
}
