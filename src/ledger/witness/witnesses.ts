import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Failure } from '../../kernel/errors.js';
import { Settings } from '../../platform/config/settings.js';
import { AuditorConnection } from '../read/auditor-connection.js';

/** For how long no sink may have the newest checkpoint before the ledger is not handed out any more. */
const GRACE_MS = 4 * 60 * 60 * 1_000;

/** Whether anybody outside could say that the ledger was rewritten. */
@Injectable()
export class Witnesses {
  readonly #settings: Settings;
  readonly #auditor: AuditorConnection;
  readonly #clock: Clock;

  constructor(settings: Settings, auditor: AuditorConnection, clock: Clock) {
    this.#settings = settings;
    this.#auditor = auditor;
    this.#clock = clock;
  }

  /** @throws Failure `witnesses_unreachable` when every configured sink has lacked a checkpoint for four hours */
  async requireReachable(): Promise<void> {
    const names = this.#settings.ledger.sinks.targets.map(({ name }) => name);
    if (names.length === 0) return;
    const [row] = await this.#auditor.query<{ best: Date | null; isCurrent: boolean }>(
      `SELECT max("behindSince") AS best, coalesce(bool_or("behindSince" IS NULL), false) AS "isCurrent"
       FROM (SELECT CASE WHEN s.name IS NULL THEN (SELECT min(c.at) FROM audit.checkpoints c) ELSE s.behind_since END AS "behindSince"
             FROM unnest($1::text[]) AS t (name) LEFT JOIN audit.sinks s USING (name)) AS x`,
      [names],
    );
    if (row === undefined || row.isCurrent || row.best === null) return;
    if (this.#clock.now().getTime() - row.best.getTime() > GRACE_MS)
      throw new Failure('witnesses_unreachable', { headers: { 'retry-after': '600' } });
  }
}
