import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import type { RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { newId, parseId } from '../../kernel/ids.js';
import { Ledger } from '../../ledger/index.js';
import { Database } from '../../platform/database/database.js';
import { CursorCodec, cutPage, Page } from '../../platform/http/index.js';
import { type Criteria, readCriteria } from './criteria.js';
import { IncidentRecords } from './incident-records.js';
import { type Incident, type IncidentId, type ListedIncident, requireOpen } from './incident.js';
import { KnownCriteria } from './known-criteria.js';
import { type Acknowledgement, Untold } from './notification/untold.js';
import { IncidentEntity } from './persistence/incident.entity.js';

const LIST = 'operator/incidents';
const LONGEST = { title: 200, conclusion: 4_000 } as const;
/** A title is one line: another one would be read as a line of the draft that it stands in. */
const WRITTEN = {
  title: /^[^\p{Cc}\p{Zl}\p{Zp}]*$/u,
  conclusion: /^(?:[^\p{Cc}\p{Zl}\p{Zp}]|[\n\r\t])*$/u,
} as const;

export interface NewIncident {
  readonly title: string;
  readonly criteria: Criteria;
  /** When somebody of ours knew of it; now, unless told. */
  readonly noticedAt?: Date;
}

/** What it came to. */
export interface Closing extends Acknowledgement {
  readonly conclusion: string;
}

/** Incidents from their opening to their closing. Every look at one and every change is an entry of the ledger. */
@Injectable()
export class Incidents {
  readonly #database: Database;
  readonly #records: IncidentRecords;
  readonly #untold: Untold;
  readonly #known: KnownCriteria;
  readonly #ledger: Ledger;
  readonly #cursors: CursorCodec;
  readonly #clock: Clock;

  constructor(
    database: Database,
    records: IncidentRecords,
    untold: Untold,
    known: KnownCriteria,
    ledger: Ledger,
    cursors: CursorCodec,
    clock: Clock,
  ) {
    this.#database = database;
    this.#records = records;
    this.#untold = untold;
    this.#known = known;
    this.#ledger = ledger;
    this.#cursors = cursors;
    this.#clock = clock;
  }

  /** @throws Failure `invalid_request` without a title, for criteria that are none or that nothing has, and for a moment that is to come */
  async open(
    context: RequestContext,
    { title, criteria, noticedAt }: NewIncident,
  ): Promise<{ readonly id: IncidentId }> {
    const now = this.#clock.now();
    const known = noticedAt ?? now;
    if (!(known <= now)) refuse('/noticedAt', FUTURE);
    const details = {
      title: read('title', title),
      criteria: readCriteria(criteria),
      noticedAt: known.toISOString(),
      conclusion: null,
    };
    const { from } = details.criteria;
    // It would affect nobody yet and sound the all-clear.
    if (from !== undefined && new Date(from) > now) refuse('/from', TO_COME);
    await this.#known.require(details.criteria);
    const id: IncidentId = newId<'incident'>(now.getTime());
    await this.#database.run({ kind: 'system' }, async (manager) => {
      const times = { openedAt: now, containedAt: null, closedAt: null };
      await this.#records.insert(manager, { id, status: 'open', ...times, details });
      await this.#ledger.stage(manager, { action: 'incident.opened', context, resource: id });
    });
    return { id };
  }

  /** Newest first. @throws Failure `invalid_cursor` */
  async list(context: RequestContext, limit: number, cursor?: string): Promise<Page<ListedIncident>> {
    const [last = ''] = cursor === undefined ? [] : this.#cursors.decode(LIST, cursor);
    const before = parseId<IncidentId>(last);
    const found = await this.#database.run({ kind: 'system' }, async (manager) => {
      const rows = await manager.getRepository(IncidentEntity).find({
        ...(before === undefined ? {} : { where: { id: LessThan(before) } }),
        order: { id: 'DESC' },
        take: limit + 1,
      });
      const listed: ListedIncident[] = [];
      for (const { id, openedAt, closedAt } of rows) {
        const incident = await this.#records.find(context, manager, id);
        listed.push(incident ?? { id, openedAt, closedAt, status: 'refused', title: null });
      }
      return listed;
    });
    const { items, last: end } = cutPage(found, limit);
    await this.#ledger.append({ action: 'incident.listed', context, count: items.length }, 'staged');
    return new Page(items, this.#cursors.next(LIST, end && [end.id]));
  }

  /** @throws Failure `not_found`; `conflict` for a record that does not stand */
  async one(context: RequestContext, id: IncidentId): Promise<Incident> {
    const incident = await this.#database.run({ kind: 'system' }, (manager) =>
      this.#records.require(context, manager, id),
    );
    await this.#ledger.append({ action: 'incident.listed', context, resource: id }, 'staged');
    return incident;
  }

  /**
   * Ends it with what it came to. From then on nobody is written to and nothing is contained for it any more.
   * @throws Failure `not_found`; `conflict` for one that is closed, whose record does not stand, of which somebody
   * has not been told and that is not acknowledged, and as long as the ledger is behind; `invalid_request`; `ledger_unavailable`
   */
  async close(
    context: RequestContext,
    id: IncidentId,
    { conclusion, ...acknowledgement }: Closing,
  ): Promise<void> {
    const text = read('conclusion', conclusion);
    // Whoever is read while those affected are looked for is none of them.
    const closedAt = this.#clock.now();
    const acknowledged = await this.#untold.acknowledge(context, id, acknowledgement);
    await this.#database.run({ kind: 'system' }, async (manager) => {
      const incident = await this.#records.require(context, manager, id, 'change');
      requireOpen(incident);
      const change = { status: 'closed', closedAt, conclusion: text } as const;
      await this.#records.update(manager, incident, change);
      await this.#ledger.stage(manager, {
        action: 'incident.closed',
        context,
        resource: id,
        ...acknowledged,
      });
    });
  }
}

const UNPRINTABLE = {
  en: 'Without control characters; a title has one line.',
  fr: 'Sans caractères de contrôle ; un titre tient en une ligne.',
};
const TO_COME = { en: 'It is still to come.', fr: 'Ce moment est encore à venir.' };
const FUTURE = {
  en: 'Nobody can have known of it by then.',
  fr: 'Personne ne peut en avoir eu connaissance à cette date.',
};

function read(name: keyof typeof LONGEST, text: string): string {
  const trimmed = text.trim();
  const most = LONGEST[name];
  if (!WRITTEN[name].test(trimmed)) return refuse(`/${name}`, UNPRINTABLE);
  if (trimmed.length >= 1 && trimmed.length <= most) return trimmed;
  return refuse(`/${name}`, { en: `1 to ${most} characters.`, fr: `1 à ${most} caractères.` });
}

function refuse(pointer: string, detail: { readonly en: string; readonly fr: string }): never {
  throw new Failure('invalid_request', { fields: [{ pointer, code: 'invalid', detail }] });
}
