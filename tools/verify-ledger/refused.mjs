/** Entries that were refused: the ledger tells how many with each objection, and they are kept. */
export class Refused {
  #report;
  #told = new Map();

  constructor(report) {
    this.#report = report;
  }

  note(index, { action, reason, count }) {
    if (action !== 'ledger.entry_forged') return;
    this.#told.set(reason, { index, count: count + (this.#told.get(reason)?.count ?? 0) });
  }

  /** @param kept how many the export says are kept, by objection */
  finish(kept) {
    for (const [objection, { index, count }] of this.#told) {
      const missing = count - (Number(kept?.[objection]) || 0);
      if (missing > 0)
        this.#report.bad(
          index,
          `${missing} of the refused entries that it tells of are not kept any more (${objection})`,
        );
    }
  }
}
