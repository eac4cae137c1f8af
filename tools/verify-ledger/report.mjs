const SHOWN = 20;

/** What is found, and what follows from it. */
export class Report {
  findings = [];
  notices = [];
  #more = 0;
  #firstBad;

  /** An entry that is not as it was written. */
  bad(index, text) {
    this.#add({ first: index, last: index, text });
  }

  /** That one of the entries from `from` to before `to` is not as it was written. */
  fork(from, to, text) {
    this.#add({ first: from, last: Math.max(from, to - 1), text });
  }

  notice(text) {
    this.notices.push(text);
  }

  get isClean() {
    return this.findings.length === 0;
  }

  /** The first bad entry as closely as it is known: an exact one is better than a range around it. */
  get firstBad() {
    return this.#firstBad;
  }

  lines() {
    const places = this.findings
      .toSorted((a, b) => a.first - b.first)
      .slice(0, SHOWN)
      .map(
        ({ first, last, text }) =>
          `BAD  ${first === last ? `entry ${first}` : `entries ${first}-${last}`}: ${text}`,
      );
    const more = this.findings.length + this.#more - places.length;
    return [
      ...this.notices.map((text) => `note ${text}`),
      ...places,
      ...(more > 0 ? [`BAD  and ${more} more`] : []),
    ];
  }

  /** Bounded: a ledger in which everything is wrong must not fill the memory. */
  #add(finding) {
    const range = ({ first, last }) => last - first;
    const before = this.#firstBad;
    // What is found at the end may be the earliest, however much was found before.
    if (
      before === undefined ||
      finding.last < before.last ||
      (finding.last === before.last && range(finding) < range(before))
    )
      this.#firstBad = finding;
    if (this.findings.length < 1_000) this.findings.push(finding);
    else this.#more += 1;
  }
}
