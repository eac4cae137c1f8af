/** Something that is not as it was written: one entry, or one among several. */
export interface Finding {
  readonly first: number;
  readonly last: number;
  readonly text: string;
}

/** Findings beyond these are counted only: a ledger in which everything is wrong must not fill the memory. */
const KEPT = 1_000;

/** What a verification has found. */
export class Report {
  readonly #findings: Finding[] = [];
  readonly #notices: string[] = [];
  #firstBad: Finding | undefined;
  #more = 0;

  /** An entry that is not as it was written. */
  bad(index: number, text: string): void {
    this.#add({ first: index, last: index, text });
  }

  /** That one of the entries from `from` to before `to` is not as it was written. */
  among(from: number, to: number, text: string): void {
    this.#add({ first: from, last: Math.max(from, to - 1), text });
  }

  /** What a reader should know and what is nevertheless in order. */
  notice(text: string): void {
    this.#notices.push(text);
  }

  get notices(): readonly string[] {
    return this.#notices;
  }

  /** By place. */
  get findings(): readonly Finding[] {
    return this.#findings.toSorted((a, b) => a.first - b.first || a.last - b.last);
  }

  /** How many there are, those beyond the kept ones included. */
  get count(): number {
    return this.#findings.length + this.#more;
  }

  /** The first bad entry as closely as it is known: an exact place is better than a range around it. */
  get firstBad(): Finding | undefined {
    return this.#firstBad;
  }

  /** What is found at the end may be the earliest, however much was found before. */
  #add(finding: Finding): void {
    const first = this.#firstBad;
    const isEarlier =
      first === undefined ||
      finding.last < first.last ||
      (finding.last === first.last && finding.first > first.first);
    if (isEarlier) this.#firstBad = finding;
    if (this.#findings.length < KEPT) this.#findings.push(finding);
    else this.#more += 1;
  }
}
