import type { Envelope } from '../entry/entry.js';
import type { Report } from './report.js';

interface Run {
  readonly first: number;
  length: number;
}

/** That a month goes. */
interface Announcement {
  readonly index: number;
  /** Month in which it was said. */
  readonly within: string;
  readonly count: number;
}

/**
 * Entries that have no content any more must be exactly as many as the retention says it has dropped. It says so
 * before it does it, so that a month that was announced may still be there.
 */
export class DroppedCheck {
  readonly #report: Report;
  readonly #runs: Run[] = [];
  /** How many entries there still are of each month. */
  readonly #kept = new Map<string, number>();
  /** By the month that goes; of one that was announced again the last one. */
  readonly #announced = new Map<string, Announcement>();
  #count = 0;

  constructor(report: Report) {
    this.#report = report;
  }

  get isAny(): boolean {
    return this.#count > 0;
  }

  /** Index of the last entry without content; before the first one -1. */
  get last(): number {
    const run = this.#runs.at(-1);
    return run === undefined ? -1 : run.first + run.length - 1;
  }

  get isUnexplained(): boolean {
    return this.#count > this.#expected();
  }

  /** From when on nothing is gone, nor what was said at the same moment: a day after the last month that goes. */
  get wholeFrom(): Date {
    const [last] = [...this.#announced.keys()].toSorted().toReversed();
    if (last === undefined) return new Date(0);
    const [year, month] = last.split('-').map(Number);
    return new Date(Date.UTC(year ?? 0, month ?? 0, 2));
  }

  add(index: number): void {
    this.#count += 1;
    const run = this.#runs.at(-1);
    if (run !== undefined && run.first + run.length === index) run.length += 1;
    else this.#runs.push({ first: index, length: 1 });
  }

  /** An entry that has its content. */
  note(index: number, { action, at, count, resource }: Envelope): void {
    const within = at.slice(0, 'YYYY-MM'.length);
    this.#kept.set(within, (this.#kept.get(within) ?? 0) + 1);
    if (action === 'ledger.month_dropped') this.#announced.set(resource.id ?? '', { index, within, count });
  }

  finish(): void {
    const expected = this.#expected();
    const summary = `${this.#count} entries have no content, ${expected} were dropped by the retention`;
    if (this.#count > expected) this.#report.bad(this.#at(Math.max(expected, 0)), `missing: ${summary}`);
    else if (this.#count < expected)
      this.#report.bad(this.#lastAnnounced(), `more is said to be dropped than is: ${summary}`);
    else if (this.#count > 0) this.#report.notice(summary);
  }

  /** What was announced, less what of it is still there, with all that the entries there say themselves. */
  #expected(): number {
    let expected = 0;
    for (const [month, { within, count }] of this.#announced) {
      expected -= this.#kept.get(month) ?? 0;
      if (!this.#announced.has(within)) expected += count;
    }
    return expected;
  }

  #lastAnnounced(): number {
    return Math.max(...[...this.#announced.values()].map(({ index }) => index));
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
