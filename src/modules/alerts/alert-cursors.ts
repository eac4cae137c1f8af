import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { RowMacs, type SecurityRecord } from '../../sealing/index.js';

/** How operators are told. */
export type AlertWay = 'mail' | 'webhook';

/** Before the first leaf of the tree. */
const NOTHING = -1;
/** The row says one thing, and is told from an older one by no revision: that would only tell alerts again. */
const ONLY_REVISION = 1;

/** How far each way has come, kept where every worker finds it. */
@Injectable()
export class AlertCursors {
  readonly #database: Database;
  readonly #macs: RowMacs;

  constructor(database: Database, macs: RowMacs) {
    this.#database = database;
    this.#macs = macs;
  }

  /**
   * @returns index of the last alert that was told; -1 for none, and where the row is not ours: rather all of them again
   *   than one of them never
   */
  async read(way: AlertWay): Promise<number> {
    const rows = await this.#database.run({ kind: 'system' }, (manager) =>
      manager.query<{ index: string; mac: Buffer }[]>(
        'SELECT leaf_index::text AS index, mac FROM platform.alert_cursor WHERE way = $1',
        [way],
      ),
    );
    const [row] = rows;
    if (row === undefined) return NOTHING;
    const index = Number(row.index);
    return (await this.#macs.isGenuine(recordOf(way, index), row.mac)) ? index : NOTHING;
  }

  async write(way: AlertWay, index: number): Promise<void> {
    const mac = await this.#macs.mac(recordOf(way, index));
    await this.#database.run({ kind: 'system' }, (manager) =>
      manager.query(
        `INSERT INTO platform.alert_cursor (way, leaf_index, mac) VALUES ($1, $2, $3)
         ON CONFLICT (way) DO UPDATE SET leaf_index = excluded.leaf_index, mac = excluded.mac`,
        [way, index, mac],
      ),
    );
  }
}

function recordOf(way: AlertWay, index: number): SecurityRecord {
  const columns = [['leaf_index', String(index)]] as const;
  return { kind: 'platform_alert_cursor', id: way, revision: ONLY_REVISION, columns };
}
