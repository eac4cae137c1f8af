import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { INSTALLATION, type Sealed, Sealer } from '../../sealing/index.js';
import {
  KeptRecords,
  type RecordRows,
  type RecordTable,
  StandingRecords,
} from '../security-records/index.js';
import type { ErasedTold, Incident, IncidentDetails, IncidentId } from './incident.js';
import { type Measure, withDone } from './orders.js';
import { IncidentEntity } from './persistence/incident.entity.js';
import { INCIDENT_DETAILS } from './persistence/places.js';

export type IncidentContent = Omit<IncidentEntity, 'revision' | 'mac'>;

/** What of an incident its MAC covers: everything, so that nobody has the wrong people written to. */
const TABLE: RecordTable<IncidentContent> = {
  kind: 'incidents_incident',
  columns: (incident) => [
    ['status', incident.status],
    ['details', incident.details],
    ['opened_at', incident.openedAt],
    ['contained_at', incident.containedAt],
    ['closed_at', incident.closedAt],
  ],
};
const ROWS: RecordRows<IncidentEntity> = {
  called: 'incidents',
  coversSealed: true,
  table: TABLE,
  entity: IncidentEntity,
};

const ALTERED = {
  en: 'This incident is not as it was last written; nothing is done about it. Open it anew.',
  fr: "Cet incident n'est plus tel qu'il a été enregistré ; rien n'est fait à son sujet. Ouvrez-le à nouveau.",
};

/** The rows of incidents: one that does not stand counts for nothing, and that is alerted. */
@Injectable()
export class IncidentRecords {
  readonly #records: StandingRecords;
  readonly #sealer: Sealer;

  constructor(records: StandingRecords, kept: KeptRecords, sealer: Sealer) {
    this.#records = records;
    kept.add(ROWS);
    this.#sealer = sealer;
  }

  /** Those that are open by their rows, whether these stand or not. */
  openRows(manager: EntityManager): Promise<readonly Pick<IncidentEntity, 'id' | 'mac'>[]> {
    return manager.getRepository(IncidentEntity).find({
      select: { id: true, mac: true },
      where: { status: 'open' },
      order: { id: 'ASC' },
    });
  }

  /** @returns `undefined` for one that does not stand */
  async find(context: RequestContext, manager: EntityManager, id: IncidentId): Promise<Incident | undefined> {
    const row = await this.#standing(context, manager, id);
    return row === null ? undefined : this.#open(row);
  }

  /**
   * One incident, under its lock when it is to be changed.
   * @throws Failure `not_found`; `conflict` for a record that does not stand
   */
  async require(
    context: RequestContext,
    manager: EntityManager,
    id: IncidentId,
    purpose: 'read' | 'change' = 'read',
  ): Promise<Incident> {
    if (!(await manager.getRepository(IncidentEntity).existsBy({ id }))) throw new Failure('not_found');
    const row = await this.#standing(context, manager, id, purpose);
    if (row === null) throw new Failure('conflict', { detail: ALTERED });
    return this.#open(row);
  }

  async insert(
    manager: EntityManager,
    { details, ...content }: Omit<IncidentContent, 'details'> & { readonly details: IncidentDetails },
  ): Promise<void> {
    const row = { ...content, details: await this.#seal(content.id, details) };
    const stamp = await this.#records.stamp(manager, TABLE, row);
    await manager.getRepository(IncidentEntity).insert({ ...row, ...stamp });
  }

  /** @param incident as `require` gave it to be changed */
  async update(
    manager: EntityManager,
    { id, openedAt, ...before }: Incident,
    change: Partial<Incident>,
  ): Promise<void> {
    const { status, containedAt, closedAt, title, criteria, noticedAt, conclusion, orders, erasedTold } = {
      ...before,
      ...change,
    };
    const noted = { title, criteria, noticedAt, conclusion, orders };
    const details = await this.#seal(id, erasedTold === undefined ? noted : { ...noted, erasedTold });
    const row = { status, containedAt, closedAt, details };
    const stamp = await this.#records.stamp(manager, TABLE, { id, openedAt, ...row });
    await manager.getRepository(IncidentEntity).update({ id }, { ...row, ...stamp });
  }

  /**
   * Notes that something ordered was seen through, unless it was ordered again meanwhile or the incident is closed.
   * @param begun the incident as it was when that began
   * @throws as `require`
   */
  async noteDone(
    context: RequestContext,
    manager: EntityManager,
    begun: Incident,
    measures: readonly Measure[],
    now: Date,
  ): Promise<void> {
    if (measures.length === 0) return;
    const incident = await this.require(context, manager, begun.id, 'change');
    if (incident.status !== 'open') return;
    const orders = withDone(incident.orders, begun.orders, measures, now);
    await this.update(manager, incident, { orders });
  }

  /** Notes that somebody who had been told is being erased, unless the incident does not stand. */
  async noteErased(
    context: RequestContext,
    manager: EntityManager,
    id: IncidentId,
    who: keyof ErasedTold,
  ): Promise<void> {
    const row = await this.#standing(context, manager, id, 'change');
    if (row === null) return;
    const incident = await this.#open(row);
    const { people, canaries } = incident.erasedTold ?? { people: 0, canaries: 0 };
    const counts = { people, canaries, [who]: (who === 'people' ? people : canaries) + 1 };
    await this.update(manager, incident, { erasedTold: counts });
  }

  #standing(
    context: RequestContext,
    manager: EntityManager,
    id: IncidentId,
    purpose: 'read' | 'change' = 'read',
  ): Promise<IncidentEntity | null> {
    const lock = purpose === 'change' ? { lock: { mode: 'pessimistic_write' as const } } : {};
    return this.#records.read(context, manager, TABLE, () =>
      manager.getRepository(IncidentEntity).findOne({ where: { id }, ...lock }),
    );
  }

  async #open({ id, details, ...row }: IncidentEntity): Promise<Incident> {
    const { status, openedAt, containedAt, closedAt, revision } = row;
    const opened = await this.#sealer.openOperational(
      INCIDENT_DETAILS,
      { subject: INSTALLATION, row: id },
      details,
    );
    return { id, status, openedAt, containedAt, closedAt, revision, orders: {}, ...opened };
  }

  #seal(id: IncidentId, details: IncidentDetails): Promise<Sealed<IncidentDetails>> {
    return this.#sealer.seal(INCIDENT_DETAILS, { subject: INSTALLATION, row: id }, details);
  }
}
