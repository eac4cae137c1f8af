import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../kernel/clock.js';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import type { AgencyId } from '../../../kernel/ids.js';
import { Ledger } from '../../../ledger/index.js';
import { Database } from '../../../platform/database/database.js';
import { requireRevision, type SeenRevisions } from '../../../platform/http/index.js';
import {
  KeptRecords,
  type RecordRows,
  type RecordTable,
  StandingRecords,
} from '../../security-records/index.js';
import { AgencyEntity } from '../persistence/agency.entity.js';
import { BudgetEntity } from '../persistence/budget.entity.js';
import {
  type BudgetLimits,
  type BudgetOrder,
  isWider,
  lower,
  orderCode,
  requireOrder,
  type TightOrder,
} from './budget-rules.js';

/** What operators have set for an agency. */
export interface SetBudget extends BudgetOrder {
  readonly revision: number;
}

type BudgetContent = Omit<BudgetEntity, 'revision' | 'mac'>;

const text = (limit: number | null): string | null => (limit === null ? null : String(limit));

/** What of a budget its MAC covers: everything, so that whoever writes to the database raises none. */
const TABLE: RecordTable<BudgetContent> = {
  kind: 'agencies_budget',
  columns: (budget) => [
    ['hour', text(budget.hour)],
    ['day', text(budget.day)],
    ['month', text(budget.month)],
    ['until', budget.until],
    ['set_at', budget.setAt],
  ],
};

const ROWS: RecordRows<BudgetEntity> = {
  called: 'budgets',
  coversSealed: false,
  table: TABLE,
  entity: BudgetEntity,
};

/** Budgets that operators set, for a limited time, in the place of what follows from an agency's applications. */
@Injectable()
export class Budgets {
  readonly #database: Database;
  readonly #records: StandingRecords;
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(database: Database, records: StandingRecords, kept: KeptRecords, ledger: Ledger, clock: Clock) {
    this.#database = database;
    this.#records = records;
    kept.add(ROWS);
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /**
   * What counts now, in a transaction of the agency's or of the product's.
   * @returns `undefined` for none, one whose time is over, and one that does not stand, which is alerted
   */
  async standing(
    context: RequestContext,
    manager: EntityManager,
    id: AgencyId,
  ): Promise<SetBudget | undefined> {
    const find = () => manager.getRepository(BudgetEntity).findOneBy({ id });
    const row = await find();
    if (row === null) return undefined;
    const isSettled = await this.#records.isSettled(TABLE, row);
    // Looked at before its time: whoever could end it by writing a moment could lift it unseen.
    const standing = isSettled ? row : await this.#records.read(context, manager, TABLE, find);
    return standing === null || standing.until <= this.#clock.now() ? undefined : presented(standing);
  }

  /** The same for whoever is about to change it. @throws Failure `not_found` for an unknown agency */
  find(context: RequestContext, id: AgencyId): Promise<SetBudget | undefined> {
    return this.#database.run({ kind: 'system' }, async (manager) => {
      await requireAgency(manager, id);
      return this.standing(context, manager, id);
    });
  }

  /**
   * Sets limits that count from the next reading on, in every process; one that does not stand is replaced. What is left
   * out stays as it is set, so that nothing is widened that nobody has named.
   * @param seen the revision of the budget that stands, 0 for none; at the command line nobody has seen any
   * @returns all that are set now
   * @throws Failure `invalid_request`, `not_found` for an unknown agency, `precondition_failed`
   */
  async set(
    context: RequestContext,
    id: AgencyId,
    order: BudgetOrder,
    seen: SeenRevisions = 'any',
  ): Promise<BudgetLimits> {
    requireOrder(order, this.#clock.now());
    return this.#change(context, id, seen, async (manager, standing) => {
      const limits: BudgetLimits = { ...standing?.limits, ...order.limits };
      await this.#write(context, manager, id, { limits, until: order.until });
      return limits;
    });
  }

  /** Which of these agencies may be shown more than that now, or before it ends. */
  wider(context: RequestContext, ids: readonly AgencyId[], order: TightOrder): Promise<readonly AgencyId[]> {
    return this.#database.run({ kind: 'system' }, async (manager) => {
      const wider: AgencyId[] = [];
      for (const id of ids) if (isWider(await this.standing(context, manager, id), order)) wider.push(id);
      return wider;
    });
  }

  /**
   * Sets these limits, or those that stand where they are lower, until then or until those end, if that is later:
   * nothing that is set is widened any sooner. Whoever sets others at the same time comes before or after.
   * @throws Failure `not_found` for an unknown agency
   */
  async tighten(context: RequestContext, id: AgencyId, { limits, until }: TightOrder): Promise<void> {
    await this.#change(context, id, 'any', (manager, standing) =>
      this.#write(context, manager, id, {
        limits: lower(standing?.limits ?? {}, limits),
        until: standing !== undefined && standing.until > until ? standing.until : until,
      }),
    );
  }

  /**
   * From the next reading on the default counts again.
   * @throws Failure `not_found` for an unknown agency, `precondition_failed`
   */
  async lift(context: RequestContext, id: AgencyId, seen: SeenRevisions = 'any'): Promise<void> {
    await this.#change(context, id, seen, async (manager) => {
      const budgets = manager.getRepository(BudgetEntity);
      const row = await budgets.findOneBy({ id });
      const until = this.#clock.now();
      if (row === null || (row.until <= until && (await this.#records.isSettled(TABLE, row)))) return;
      // It stands on as one whose time is over, so that a copy put back is superseded and a deletion is not the same.
      const over = { ...row, until, setAt: new Date(until.getTime() - 1) };
      await budgets.save({ ...over, ...(await this.#records.stamp(manager, TABLE, over)) });
      await this.#ledger.stage(manager, {
        action: 'agency.budget_lifted',
        context,
        resource: id,
        agency: id,
      });
    });
  }

  async #write(
    context: RequestContext,
    manager: EntityManager,
    id: AgencyId,
    { limits, until }: BudgetOrder,
  ): Promise<void> {
    const { hour = null, day = null, month = null } = limits;
    const content = { id, hour, day, month, until, setAt: this.#clock.now() };
    const stamp = await this.#records.stamp(manager, TABLE, content);
    await manager.getRepository(BudgetEntity).save({ ...content, ...stamp });
    const reason = orderCode({ limits, until });
    await this.#ledger.stage(manager, {
      action: 'agency.budget_set',
      context,
      resource: id,
      agency: id,
      reason,
    });
  }

  #change<T>(
    context: RequestContext,
    id: AgencyId,
    seen: SeenRevisions,
    change: (manager: EntityManager, standing: SetBudget | undefined) => Promise<T>,
  ): Promise<T> {
    return this.#database.run({ kind: 'system' }, async (manager) => {
      await requireAgency(manager, id);
      // There may be no row yet, and the agency's own cannot be locked.
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`agencies.budget/${id}`]);
      const standing = await this.standing(context, manager, id);
      if (seen !== 'any') requireRevision(standing?.revision ?? 0, seen);
      return change(manager, standing);
    });
  }
}

async function requireAgency(manager: EntityManager, id: AgencyId): Promise<void> {
  if (!(await manager.getRepository(AgencyEntity).existsBy({ id }))) throw new Failure('not_found');
}

function presented({ hour, day, month, until, revision }: BudgetEntity): SetBudget {
  const limits: BudgetLimits = {
    ...(hour === null ? {} : { hour }),
    ...(day === null ? {} : { day }),
    ...(month === null ? {} : { month }),
  };
  return { limits, until, revision };
}
