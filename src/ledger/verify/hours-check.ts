import { hourOf, type LedgerSource } from '../read/ledger-source.js';
import type { LeafSpan } from '../read/ledger-filter.js';
import type { Report } from './report.js';

/** That searches by time look wherever there is an entry of that time. In memory there is one span for each hour. */
export class HoursCheck {
  readonly #report: Report;
  readonly #source: LedgerSource;
  readonly #seen = new Map<string, LeafSpan>();

  constructor(report: Report, source: LedgerSource) {
    this.#report = report;
    this.#source = source;
  }

  /** An entry, in the order of the tree. */
  note(index: number, at: Date): void {
    const hour = hourOf(at);
    this.#seen.set(hour, { first: this.#seen.get(hour)?.first ?? index, last: index });
  }

  async finish(): Promise<void> {
    const hours = await this.#source.hours();
    for (const [hour, seen] of this.#seen) {
      const lost = outside(seen, hours.get(hour));
      if (lost !== undefined && (await this.#isListed(seen.first)))
        this.#report.among(
          lost.first,
          lost.last + 1,
          `searches by time do not look there for what is of ${hour} h`,
        );
    }
  }

  /** With a month that was dropped meanwhile its hours have gone. */
  async #isListed(index: number): Promise<boolean> {
    for await (const { leaves } of this.#source.pages(index, index + 1))
      return leaves.some(({ listed }) => listed !== undefined);
    return false;
  }
}

/** The part of what was seen that lies outside what is searched. */
function outside(seen: LeafSpan, searched: LeafSpan | undefined): LeafSpan | undefined {
  if (searched === undefined || searched.first > seen.last || searched.last < seen.first) return seen;
  if (searched.first > seen.first) return { first: seen.first, last: searched.first - 1 };
  return searched.last < seen.last ? { first: searched.last + 1, last: seen.last } : undefined;
}
