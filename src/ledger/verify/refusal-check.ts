import type { Envelope } from '../entry/entry.js';
import type { RefusedCounts } from '../read/evidence-source.js';
import type { Report } from './report.js';

interface Told {
  readonly index: number;
  readonly count: number;
}

/** Entries that were refused are kept for the inquiry, and an entry says how many with each objection. */
export class RefusalCheck {
  readonly #report: Report;
  readonly #told = new Map<string, Told>();

  constructor(report: Report) {
    this.#report = report;
  }

  note(index: number, { action, reason = '', count }: Envelope): void {
    if (action === 'ledger.entry_forged')
      this.#told.set(reason, { index, count: count + (this.#told.get(reason)?.count ?? 0) });
  }

  /** Whether more were kept, at one moment, than the entries so far tell of. */
  lacksAlarm(kept: RefusedCounts): boolean {
    return [...kept].some(([objection, count]) => count > this.#countOf(objection));
  }

  /**
   * @param before what was kept before the newest entries were
   * @param now what is kept
   * @param isWhole whether no entry has lost its content, with which others may have told of refusals
   */
  finish(before: RefusedCounts, now: RefusedCounts, size: number, isWhole: boolean): void {
    for (const [objection, { index, count }] of this.#told) {
      const missing = count - (now.get(objection) ?? 0);
      if (missing > 0)
        this.#report.bad(
          index,
          `${missing} of the refused entries that it tells of are not kept any more (${objection})`,
        );
    }
    for (const [objection, count] of before) {
      const untold = count - this.#countOf(objection);
      if (untold > 0 && isWhole)
        this.#report.among(0, size, `no entry tells of ${untold} entries that were refused (${objection})`);
    }
  }

  #countOf(objection: string): number {
    return this.#told.get(objection)?.count ?? 0;
  }
}
