import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../../../kernel/context.js';
import { Database } from '../../../platform/database/database.js';
import type { IncidentId } from '../incident.js';
import { toldOf } from './growth.js';
import type { Reachable } from './letter-order.js';
import { NoticeRows } from './notice-rows.js';

/** How many are noted by one transaction. */
const TOGETHER = 50;

/** Of an incident that is about to be closed: what those see in their access history to whom nobody has written. */
@Injectable()
export class ClosingNotes {
  readonly #rows: NoticeRows;
  readonly #database: Database;

  constructor(rows: NoticeRows, database: Database) {
    this.#rows = rows;
    this.#database = database;
  }

  /** Leaves whoever has a row already, so that a run that was killed is simply run again. */
  async write(
    context: RequestContext,
    incident: IncidentId,
    affected: readonly Reachable[],
    isLowerBound: boolean,
  ): Promise<void> {
    for (let from = 0; from < affected.length; from += TOGETHER)
      await this.#note(context, incident, affected.slice(from, from + TOGETHER), isLowerBound);
  }

  async #note(
    context: RequestContext,
    incident: IncidentId,
    part: readonly Reachable[],
    isLowerBound: boolean,
  ): Promise<void> {
    const candidates = part.map(({ candidate }) => candidate);
    const before = await this.#database.run({ kind: 'system' }, (manager) =>
      this.#rows.standing(context, manager, incident, candidates),
    );
    const rows = await Promise.all(
      part
        .filter(({ candidate }) => !before.has(candidate))
        .map((one) => {
          const content = { ...toldOf(one), isLowerBound };
          return this.#rows.prepare(incident, one.candidate, { mailId: null, isFurther: false, content });
        }),
    );
    await this.#database.run({ kind: 'system' }, async (manager) => {
      for (const row of rows) if (row !== undefined) await this.#rows.write(manager, row);
    });
  }
}
