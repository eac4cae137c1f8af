import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../../../kernel/context.js';
import { type AccountId, type CandidateId, parseId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Settings } from '../../../platform/config/settings.js';
import { Database } from '../../../platform/database/database.js';
import { type Letter, Notices } from '../../identity/index.js';
import type { Affected } from '../impact/affected-candidates.js';
import { Impact } from '../impact/impact.js';
import { type Incident, type IncidentId, requireOpen } from '../incident.js';
import type { NoticeEntity } from '../persistence/notice.entity.js';
import { letterOf } from './letter.js';
import { NoticeRows, unlessErased } from './notice-rows.js';

/** How many are told by one transaction and one entry of the ledger. */
const TOGETHER = 10;

/** How far it has come. */
export interface Notified {
  readonly affected: number;
  /** Of these, erased since: there is nobody to write to. */
  readonly erased: number;
  /** Of these, told now or before. */
  readonly told: number;
}

interface Reachable extends Affected {
  readonly candidate: CandidateId;
}

/** Writes to exactly those whom an incident affects, once each, however often it is broken off and begun again. */
@Injectable()
export class Notification {
  readonly #impact: Impact;
  readonly #rows: NoticeRows;
  readonly #notices: Notices;
  readonly #database: Database;
  readonly #ledger: Ledger;
  readonly #contact: string;

  constructor(
    impact: Impact,
    rows: NoticeRows,
    notices: Notices,
    database: Database,
    ledger: Ledger,
    settings: Settings,
  ) {
    this.#impact = impact;
    this.#rows = rows;
    this.#notices = notices;
    this.#database = database;
    this.#ledger = ledger;
    this.#contact = settings.dataProtectionContact;
  }

  /**
   * A mail each, queued with the note that it was, in one transaction: a run that is killed is simply run again.
   * @param report how many have been gone through, of how many
   * @throws Failure `not_found`; `conflict` for an incident that is closed, or does not stand; `ledger_unavailable`
   */
  async run(
    context: RequestContext,
    id: IncidentId,
    report: (done: number, total: number) => void = () => undefined,
  ): Promise<Notified> {
    const { incident, filter } = await this.#impact.question(context, id);
    requireOpen(incident);
    const everybody = await this.#impact.everybody(filter);
    const reachable = everybody.filter((one): one is Reachable => one.candidate !== undefined);
    let told = 0;
    report(0, reachable.length);
    for (let from = 0; from < reachable.length; from += TOGETHER) {
      const part = reachable.slice(from, from + TOGETHER);
      told += await this.#tell(context, incident, part);
      report(from + part.length, reachable.length);
    }
    return { affected: everybody.length, erased: everybody.length - reachable.length, told };
  }

  /** @returns how many of them have been told, now or before */
  async #tell(context: RequestContext, incident: Incident, part: readonly Reachable[]): Promise<number> {
    const candidates = part.map(({ candidate }) => candidate);
    const before = await this.#database.run({ kind: 'system' }, (manager) =>
      this.#rows.told(context, manager, incident.id, candidates),
    );
    const others = part.filter(({ candidate }) => !before.has(candidate));
    const written = (await Promise.all(others.map((one) => this.#write(incident, one)))).filter(
      (one) => one !== undefined,
    );
    await this.#database.run({ kind: 'system' }, async (manager) => {
      const added: CandidateId[] = [];
      for (const { row, letter } of written) {
        if (!(await this.#rows.add(manager, row))) continue;
        await this.#notices.post(manager, letter);
        added.push(row.candidateId);
      }
      if (added.length === 0) return;
      const subjects = added.map((candidate) => ({ candidate, fields: [] }));
      const entry = { action: 'incident.notified', context, resource: incident.id, subjects } as const;
      await this.#ledger.stage(manager, entry);
    });
    return before.size + written.length;
  }

  /** @returns `undefined` for somebody who is being erased */
  async #write(
    { id, containedAt }: Incident,
    { candidate, fields, entries, first, last }: Reachable,
  ): Promise<{ readonly row: NoticeEntity; readonly letter: Letter } | undefined> {
    const told = { fields, entries, first: first.toISOString(), last: last.toISOString() };
    const row = await this.#rows.prepare(id, candidate, told);
    const isContained = containedAt !== null;
    const notice = letterOf({ incident: id, fields, first, last, isContained, contact: this.#contact });
    const letter = await unlessErased(this.#notices.write(accountOf(candidate), notice));
    return row && letter && { row, letter };
  }
}

function accountOf(candidate: CandidateId): AccountId {
  const id = parseId<AccountId>(candidate);
  if (id === undefined) throw new Error('A candidate has the id of their account.');
  return id;
}
