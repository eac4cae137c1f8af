const SHOWN = 20;

/** What is found, and what follows from it. */
export class Report {
  findings = [];
  notices = [];
  #more = 0;

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
    const range = (finding) => finding.last - finding.first;
    const [earliest] = this.findings.toSorted((a, b) => a.last - b.last || range(a) - range(b));
    return earliest;
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
    if (this.findings.length < 1_000) this.findings.push(finding);
    else this.#more += 1;
  }
}
