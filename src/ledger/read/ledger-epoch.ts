import { Injectable } from '@nestjs/common';
import { LedgerConnection } from '../append/ledger-connection.js';

/** Which history this is: after a backup was restored, an operator has begun another epoch. */
@Injectable()
export class LedgerEpoch {
  readonly #connection: LedgerConnection;

  constructor(connection: LedgerConnection) {
    this.#connection = connection;
  }

  async current(): Promise<number> {
    const [row] = await this.#connection.query<{ epoch: number }>('SELECT audit.epoch() AS epoch', []);
    if (row === undefined) throw new Error('There is always an epoch.');
    return row.epoch;
  }
}
