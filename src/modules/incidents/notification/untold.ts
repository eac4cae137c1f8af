import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../../../kernel/context.js';
import { Failure } from '../../../kernel/errors.js';
import { Impact } from '../impact/impact.js';
import { type IncidentId, requireOpen } from '../incident.js';
import { NoticeRows } from './notice-rows.js';

/** Who is still to be told of an incident. */
@Injectable()
export class Untold {
  readonly #impact: Impact;
  readonly #rows: NoticeRows;

  constructor(impact: Impact, rows: NoticeRows) {
    this.#impact = impact;
    this.#rows = rows;
  }

  /**
   * Lets an incident be closed: nobody is told of a closed one any more.
   * @throws Failure `conflict` where somebody affected can be reached and has not been told, for an incident that is
   * closed, and for one that does not stand; `not_found`; `ledger_unavailable`
   */
  async requireNobody(context: RequestContext, id: IncidentId): Promise<void> {
    const { incident, filter } = await this.#impact.question(context, id);
    requireOpen(incident);
    const { affected } = await this.#impact.everybody(filter);
    const left = new Set(
      affected.flatMap(({ candidate, isCanary }) => (isCanary || candidate === undefined ? [] : [candidate])),
    );
    for await (const told of this.#rows.toldOf(id)) left.delete(told);
    if (left.size > 0) throw new Failure('conflict', { detail: remaining(left.size) });
  }
}

const remaining = (count: number): { readonly en: string; readonly fr: string } => ({
  en: `${count} of those affected can be reached and have not been told. Notify them first, or close it and leave them untold (leaveUntold, --leave-untold).`,
  fr: `${count} personne(s) concernée(s) et joignable(s) n'ont pas été informées. Informez-les d'abord, ou clôturez sans les informer (leaveUntold, --leave-untold).`,
});
