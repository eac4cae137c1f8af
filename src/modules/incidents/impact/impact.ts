import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../../../kernel/context.js';
import {
  AwaitedEntries,
  Exposures,
  Ledger,
  type LedgerFilter,
  OriginHasher,
  type ProvenExposure,
  type PublishedCheckpoint,
} from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { CursorCodec, cutPage, Page } from '../../../platform/http/index.js';
import { filterOf } from '../criteria.js';
import { IncidentRecords } from '../incident-records.js';
import type { Incident, IncidentId } from '../incident.js';
import { type Addressed, LetterStates, type Reached } from '../notification/letter-states.js';
import { type Affected, AffectedCandidates } from './affected-candidates.js';
import { type Figures, figuresOf } from './figures.js';
import type { Lacking } from './lower-bound.js';

/** Which people an incident affects, in numbers. */
export interface ImpactTotal extends Figures, Reached, Lacking {
  readonly incident: Incident;
  /** By which something of theirs was given or changed. */
  readonly entries: number;
  /** How many of the people are erased since: they are counted, and nobody can be told. */
  readonly erased: number;
  /** How many canaries are affected as well: nobody, and in no other figure. */
  readonly canaries: number;
  /** The tree that was looked through; `null` before the first is signed. */
  readonly checkpoint: PublishedCheckpoint | null;
}

interface Everybody extends Lacking {
  readonly affected: readonly Affected[];
}

interface PageWish {
  readonly limit: number;
  readonly cursor?: string;
}

/** Whose data an incident affects: what the signed ledger says of the incident's criteria, each time anew. */
@Injectable()
export class Impact {
  readonly #database: Database;
  readonly #records: IncidentRecords;
  readonly #exposures: Exposures;
  readonly #awaited: AwaitedEntries;
  readonly #candidates: AffectedCandidates;
  readonly #hasher: OriginHasher;
  readonly #ledger: Ledger;
  readonly #cursors: CursorCodec;
  readonly #letters: LetterStates;

  constructor(
    database: Database,
    records: IncidentRecords,
    exposures: Exposures,
    awaited: AwaitedEntries,
    candidates: AffectedCandidates,
    hasher: OriginHasher,
    ledger: Ledger,
    cursors: CursorCodec,
    letters: LetterStates,
  ) {
    this.#database = database;
    this.#records = records;
    this.#exposures = exposures;
    this.#awaited = awaited;
    this.#candidates = candidates;
    this.#hasher = hasher;
    this.#ledger = ledger;
    this.#cursors = cursors;
    this.#letters = letters;
  }

  /** @throws Failure `not_found`; `conflict` for a record that does not stand; `ledger_unavailable` */
  async total(context: RequestContext, id: IncidentId): Promise<ImpactTotal> {
    const { incident, filter } = await this.question(context, id);
    const awaited = await this.#awaited.arrive();
    const { entries, checkpoint, keptFrom, ...exposed } = await this.#exposures.all(filter);
    const affected = await this.#candidates.of(exposed.subjects);
    const people = affected.filter(({ isCanary }) => !isCanary);
    const canaries = affected.filter(({ isCanary }) => isCanary).map(({ subject }) => subject);
    // The ledger counts canaries as well: a number without them would tell how many there are.
    await this.#record(context, id, affected.length);
    return {
      ...figuresOf(people),
      incident,
      entries: canaries.length === 0 ? entries : await this.#exposures.entriesWithout(filter, canaries),
      erased: people.filter(({ candidate }) => candidate === undefined).length,
      ...(await this.#letters.reached(id)),
      canaries: canaries.length,
      checkpoint,
      awaited,
      keptFrom,
    };
  }

  /** Everybody affected, by reference. @throws as `total`; `invalid_cursor` */
  async affected(
    context: RequestContext,
    id: IncidentId,
    { limit, cursor }: PageWish,
  ): Promise<Page<Addressed>> {
    const list = `operator/incidents/${id}/affected`;
    const [after] = cursor === undefined ? [] : this.#cursors.decode(list, cursor);
    const { filter } = await this.question(context, id);
    const found = await this.#exposures.subjects(filter, limit + 1, after);
    const { items: subjects, last } = cutPage(found, limit);
    await this.#record(context, id, subjects.length);
    const items = await this.#letters.with(id, await this.#candidates.of(subjects));
    return new Page(items, this.#cursors.next(list, last && [last.subject]));
  }

  /** Every entry that gave something away, newest first, each with its proof. @throws as `affected` */
  async entries(
    context: RequestContext,
    id: IncidentId,
    { limit, cursor }: PageWish,
  ): Promise<Page<ProvenExposure>> {
    const list = `operator/incidents/${id}/entries`;
    const before = cursor === undefined ? undefined : Number(this.#cursors.decode(list, cursor)[0]);
    const { filter } = await this.question(context, id);
    const found = await this.#exposures.entries(filter, limit + 1, before);
    const { items, last } = cutPage(found, limit);
    await this.#record(context, id, items.length);
    return new Page(items, this.#cursors.next(list, last && [String(last.index)]));
  }

  /** The incident, and which entries it is about. @throws Failure `not_found`, `conflict` */
  async question(
    context: RequestContext,
    id: IncidentId,
  ): Promise<{ readonly incident: Incident; readonly filter: LedgerFilter }> {
    const incident = await this.#database.run({ kind: 'system' }, (manager) =>
      this.#records.require(context, manager, id),
    );
    return { incident, filter: await filterOf(incident.criteria, incident.closedAt, this.#hasher) };
  }

  /** Everybody, canaries too. Waits for what is on its way to the tree, some seconds at the most. */
  async everybody(filter: LedgerFilter): Promise<Everybody> {
    const awaited = await this.#awaited.arrive();
    const { subjects, keptFrom } = await this.#exposures.all(filter);
    return { affected: await this.#candidates.of(subjects), keptFrom, awaited };
  }

  async #record(context: RequestContext, resource: IncidentId, count: number): Promise<void> {
    await this.#ledger.append({ action: 'incident.impact_read', context, resource, count }, 'staged');
  }
}
