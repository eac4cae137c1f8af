/**
 * Entries that have no content any more must be exactly as many as the ledger says were dropped. The retention drops
 * whole months, and names each in an entry before it does: what is still there of such a month does not count yet, nor
 * does what the month's own entries say of months before it, since the announcement has counted that again.
 */
export class Dropped {
  #report;
  /** Runs of indexes without content: first and end. */
  #runs = [];
  #gone = 0;
  /** Of each month, how many entries are there. */
  #there = new Map();
  /** What was last said of a month that goes: how many entries, and in which month it was said. */
  #said = new Map();
  #spoken = 0;

  constructor(report) {
    this.#report = report;
  }

  get isAny() {
    return this.#gone > 0;
  }

  add(index) {
    this.#gone += 1;
    const last = this.#runs.at(-1);
    if (last?.end === index) last.end += 1;
    else this.#runs.push({ first: index, end: index + 1 });
  }

  /** An entry that has its content. */
  note(index, { action, at, count, resource }) {
    const [month] = /^\d+-\d+/.exec(at) ?? [''];
    this.#there.set(month, (this.#there.get(month) ?? 0) + 1);
    if (action !== 'ledger.month_dropped') return;
    this.#said.set(resource.id, { count, month });
    this.#spoken = index;
  }

  finish() {
    let due = 0;
    for (const [going, { count, month }] of this.#said) {
      if (!this.#said.has(month)) due += count;
      due -= this.#there.get(going) ?? 0;
    }
    const summary = `${this.#gone} entries have no content, ${due} were dropped by the retention`;
    if (this.#gone > due) this.#report.bad(this.#place(Math.max(due, 0)), `missing: ${summary}`);
    else if (this.#gone < due)
      this.#report.bad(this.#spoken, `more is said to be dropped than is: ${summary}`);
    else if (this.#gone > 0) this.#report.notice(summary);
  }

  /** The index of one of those that are gone, by its place among them. */
  #place(number) {
    let before = 0;
    for (const { first, end } of this.#runs) {
      if (number < before + end - first) return first + number - before;
      before += end - first;
    }
    return this.#runs[0].first;
  }
}
