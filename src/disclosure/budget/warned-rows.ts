import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AgencyId } from '../../kernel/ids.js';
import { RowMacs, type SecurityRecord } from '../../sealing/index.js';
import { hourOf, type Reach, reachesWarning, type Window, windowStart } from './budget-policy.js';

const nameOf = (reach: Reach): string => {
  switch (reach.kind) {
    case 'agency':
      return 'agency';
    case 'client':
      return reach.client;
    case 'purpose':
      return reach.purpose;
  }
};

interface Warning {
  readonly reach: Reach;
  readonly window: Window;
  /** How many candidates it allows. */
  readonly limit: number;
}

interface WarnedRow {
  readonly hour: Date;
  readonly limit: number;
  readonly mac: Buffer;
}

/** Which limits were warned of. A row that was planted keeps no warning back. */
@Injectable()
export class WarnedRows {
  readonly #macs: RowMacs;

  constructor(macs: RowMacs) {
    this.#macs = macs;
  }

  /**
   * Notes that a limit is nearly spent, in the transaction that has locked the agency’s budget.
   * @returns whether that was not yet noted within the window, of this limit or one that is hardly lower
   */
  async isFirst(manager: EntityManager, agency: AgencyId, warning: Warning, now: Date): Promise<boolean> {
    const { reach, window, limit } = warning;
    const rows: readonly WarnedRow[] = await manager.query(
      `SELECT hour, allowed AS limit, mac FROM disclosure.warned
       WHERE agency_id = $1 AND reach = $2 AND period = $3 AND hour >= $4`,
      [agency, nameOf(reach), window, windowStart(window, now)],
    );
    for (const row of rows) {
      // Where the earlier warning would be one of this limit too, as of one that has grown with the applications.
      if (!reachesWarning(row.limit, limit)) continue;
      const before = warnedRecord(agency, { ...warning, limit: row.limit }, row.hour);
      if (await this.#macs.isGenuine(before, row.mac)) return false;
    }
    const hour = hourOf(now);
    await manager.query(
      `INSERT INTO disclosure.warned (agency_id, reach, period, hour, allowed, mac) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT DO NOTHING`,
      [agency, nameOf(reach), window, hour, limit, await this.#macs.mac(warnedRecord(agency, warning, hour))],
    );
    await manager.query('DELETE FROM disclosure.warned WHERE agency_id = $1 AND hour < $2', [
      agency,
      windowStart('month', now),
    ]);
    return true;
  }
}

function warnedRecord(agency: AgencyId, { reach, window, limit }: Warning, hour: Date): SecurityRecord {
  return {
    kind: 'disclosure_warned',
    id: agency,
    revision: 0,
    columns: [
      ['reach', nameOf(reach)],
      ['period', window],
      ['hour', hour],
      ['allowed', String(limit)],
    ],
  };
}
