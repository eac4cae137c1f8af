import type { Envelope } from '../entry/entry.js';
import type { Report } from './report.js';

interface Run {
  readonly first: number;
  length: number;
}

/** What there still is of one month. */
interface Month {
  entries: number;
  /** How many entries those of them that speak of dropping say were dropped. */
  said: number;
}

/**
 * Entries that have no content any more must be exactly as many as the retention says it has dropped. It says so
 * before it does it, so that a month that was announced may still be there.
 */
export class DroppedCheck {
  readonly #report: Report;
  readonly #runs: Run[] = [];
  readonly #months = new Map<string, Month>();
  readonly #announced = new Set<string>();
  #count = 0;
  /** The place that spoke of dropping last. */
  #spoken = 0;

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

  /** An entry that has its content. */
  note(index: number, { action, at, count, resource }: Envelope): void {
    const name = at.slice(0, 'YYYY-MM'.length);
    const month = this.#months.get(name) ?? { entries: 0, said: 0 };
    this.#months.set(name, month);
    month.entries += 1;
    if (action !== 'ledger.month_dropped') return;
    month.said += count;
    this.#announced.add(resource.id ?? '');
    this.#spoken = index;
  }

  finish(): void {
    const expected = this.#expected();
    const summary = `${this.#count} entries have no content, ${expected} were dropped by the retention`;
    if (this.#count > expected) this.#report.bad(this.#at(Math.max(expected, 0)), `missing: ${summary}`);
    else if (this.#count < expected)
      this.#report.bad(this.#spoken, `more is said to be dropped than is: ${summary}`);
    else if (this.#count > 0) this.#report.notice(summary);
  }

  /** What was announced, less what of it is still there, with all that the entries there say themselves. */
  #expected(): number {
    let expected = 0;
    for (const [name, { entries, said }] of this.#months)
      expected += this.#announced.has(name) ? -entries : said;
    return expected;
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
