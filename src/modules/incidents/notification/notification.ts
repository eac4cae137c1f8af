import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../../kernel/context.js';
import { type AccountId, type CandidateId, parseId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Settings } from '../../../platform/config/settings.js';
import { Database } from '../../../platform/database/database.js';
import { unlessUnreadable } from '../../../sealing/index.js';
import { type Letter, Notices } from '../../identity/index.js';
import { Measures, type MeasuresTaken } from '../containment/measures.js';
import { Impact } from '../impact/impact.js';
import { whyLowerBound } from '../impact/lower-bound.js';
import { type Incident, type IncidentId, requireOpen } from '../incident.js';
import type { NoticeEntity } from '../persistence/notice.entity.js';
import { letterOf, type LetterFacts } from './letter.js';
import { type LetterOrder, orderOf, type Reachable } from './letter-order.js';
import { NoticeRows } from './notice-rows.js';

/** How many are told by one transaction and one entry of the ledger. */
const TOGETHER = 10;

/** How far it has come, and what the letters say of measures. Canaries are written to as well, and are in no number of people. */
export interface Notified extends Pick<MeasuresTaken, 'isCutOff' | 'areKeysRenewed'> {
  readonly affected: number;
  /** Of these, erased since: there is nobody to write to. */
  readonly erased: number;
  /** Of these, to whom there is a letter of now or before, that none is known to have refused. */
  readonly writtenTo: number;
  /** Letters of this time. */
  readonly written: number;
  /** Of the letters, to those who had been told of less. */
  readonly further: number;
  /** Of the letters, to those whom the one before had not reached. */
  readonly unreached: number;
  readonly canaries: number;
  /** How many entries of the ledger were on their way: whoever they affect has not been written to. */
  readonly awaited: number;
}

/** What every letter about one incident says. */
type Common = Pick<LetterFacts, 'incident' | 'isLowerBound' | 'isCutOff' | 'areKeysRenewed' | 'contact'>;

interface Part {
  readonly writtenTo: readonly CandidateId[];
  /** Of the letters, those that were written now. */
  readonly letters: readonly WrittenLetter[];
}

interface WrittenLetter {
  readonly order: LetterOrder;
  readonly row: NoticeEntity;
  readonly letter: Letter;
}

/** Writes to exactly those whom an incident affects, once for the same exposure, however often it is broken off and begun again. */
@Injectable()
export class Notification {
  readonly #impact: Impact;
  readonly #measures: Measures;
  readonly #rows: NoticeRows;
  readonly #notices: Notices;
  readonly #database: Database;
  readonly #ledger: Ledger;
  readonly #contact: string;

  constructor(
    impact: Impact,
    measures: Measures,
    rows: NoticeRows,
    notices: Notices,
    database: Database,
    ledger: Ledger,
    settings: Settings,
  ) {
    this.#impact = impact;
    this.#measures = measures;
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
    const { affected: everybody, ...lacking } = await this.#impact.everybody(filter);
    const reachable = everybody.filter((one): one is Reachable => one.candidate !== undefined);
    const people = new Set(
      everybody.flatMap(({ candidate, isCanary }) => (isCanary ? [] : (candidate ?? []))),
    );
    const measures = await this.#measures.taken(context, incident, filter);
    const { isCutOff, areKeysRenewed } = measures;
    const common: Common = {
      incident: id,
      isLowerBound: whyLowerBound(incident.criteria, lacking).length > 0,
      isCutOff,
      areKeysRenewed,
      contact: this.#contact,
    };
    let [writtenTo, written, further, unreached] = [0, 0, 0, 0];
    report(0, reachable.length);
    for (let from = 0; from < reachable.length; from += TOGETHER) {
      const part = reachable.slice(from, from + TOGETHER);
      const done = await this.#tell(context, incident, common, part);
      const orders = done.letters.map(({ order }) => order).filter(({ candidate }) => people.has(candidate));
      writtenTo += done.writtenTo.filter((candidate) => people.has(candidate)).length;
      written += orders.length;
      further += orders.filter(({ isFurther }) => isFurther).length;
      unreached += orders.filter(({ before }) => before?.letter === 'refused').length;
      report(from + part.length, reachable.length);
    }
    const canaries = reachable.length - people.size;
    const erased = everybody.length - reachable.length;
    const affected = everybody.length - canaries;
    const letters = { writtenTo, written, further, unreached };
    const { awaited } = lacking;
    return { affected, erased, ...letters, canaries, awaited, isCutOff, areKeysRenewed };
  }

  async #tell(
    context: RequestContext,
    incident: Incident,
    common: Common,
    part: readonly Reachable[],
  ): Promise<Part> {
    const candidates = part.map(({ candidate }) => candidate);
    const before = await this.#database.run({ kind: 'system' }, (manager) =>
      this.#rows.standing(context, manager, incident.id, candidates),
    );
    const orders = part.map((one) => orderOf(one, before.get(one.candidate)));
    const letters = (
      await Promise.all(orders.flatMap((order) => (order === undefined ? [] : [this.#write(common, order)])))
    ).filter((one) => one !== undefined);
    const known = candidates.filter((_, at) => orders[at] === undefined);
    const written = await this.#database.run({ kind: 'system' }, (manager) =>
      this.#post(context, manager, incident.id, letters),
    );
    return { writtenTo: [...known, ...letters.map(({ row }) => row.candidateId)], letters: written };
  }

  /** @returns those to whom nobody else was writing at this moment */
  async #post(
    context: RequestContext,
    manager: EntityManager,
    resource: IncidentId,
    letters: readonly WrittenLetter[],
  ): Promise<readonly WrittenLetter[]> {
    const written: WrittenLetter[] = [];
    for (const one of letters) {
      if (!(await this.#rows.write(manager, one.row))) continue;
      await this.#notices.post(manager, one.letter);
      written.push(one);
    }
    if (written.length === 0) return [];
    const subjects = written.map(({ row: { candidateId: candidate } }) => ({ candidate, fields: [] }));
    await this.#ledger.stage(manager, { action: 'incident.notified', context, resource, subjects });
    return written;
  }

  /** @returns `undefined` for somebody who is being erased */
  async #write(common: Common, order: LetterOrder): Promise<WrittenLetter | undefined> {
    const { candidate, content, isFurther, before } = order;
    const notice = letterOf({
      ...common,
      isFurther,
      fields: content.fields,
      first: new Date(content.first),
      last: new Date(content.last),
    });
    const letter = await unlessUnreadable(this.#notices.write(accountOf(candidate), notice));
    if (letter === undefined) return undefined;
    const row = await this.#rows.prepare(
      common.incident,
      candidate,
      { mailId: letter.id, isFurther, content: { ...content, isLowerBound: common.isLowerBound } },
      before,
    );
    return row && { order, row, letter };
  }
}

function accountOf(candidate: CandidateId): AccountId {
  const id = parseId<AccountId>(candidate);
  if (id === undefined) throw new Error('A candidate has the id of their account.');
  return id;
}
