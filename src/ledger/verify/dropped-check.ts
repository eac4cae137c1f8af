import type { Envelope } from '../entry/entry.js';
import type { Report } from './report.js';

interface Run {
  readonly first: number;
  length: number;
}

/** Entries that have no content any more: the retention says how many it has dropped, the oldest first. */
export class DroppedCheck {
  readonly #report: Report;
  readonly #runs: Run[] = [];
  #count = 0;
  #said = 0;

  constructor(report: Report) {
    this.#report = report;
  }

  get isAny(): boolean {
    return this.#count > 0;
  }

  add(index: number): void {
    this.#count += 1;
    const run = this.#runs.at(-1);
    if (run !== undefined && run.first + run.length === index) run.length += 1;
    else this.#runs.push({ first: index, length: 1 });
  }

  /** What an entry says about it. */
  note({ action, count }: Envelope): void {
    if (action === 'ledger.month_dropped') this.#said += count;
  }

  finish(): void {
    if (this.#count === 0) return;
    const summary = `${this.#count} entries have no content, ${this.#said} were dropped by the retention`;
    if (this.#count > this.#said) this.#report.bad(this.#at(this.#said), `missing: ${summary}`);
    else this.#report.notice(summary);
  }

  #at(place: number): number {
    let left = place;
    for (const { first, length } of this.#runs) {
      if (left < length) return first + left;
      left -= length;
    }
    return this.#runs[0]?.first ?? 0;
  }
}
