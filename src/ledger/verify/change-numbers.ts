interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * The numbers of a stream of changes: any may be missing or come late, and none comes twice. In memory there is what is
 * missing, which a rolled-back transaction has taken with it.
 */
export class ChangeNumbers {
  #highest = 0;
  #missing: readonly Span[] = [];

  /** 0 before the first. */
  get highest(): number {
    return this.#highest;
  }

  /** @param n from 1 on @returns whether it has not come before */
  add(n: number): boolean {
    if (n > this.#highest) {
      if (n > this.#highest + 1) this.#missing = [...this.#missing, { from: this.#highest + 1, to: n - 1 }];
      this.#highest = n;
      return true;
    }
    const span = this.#missing.find(({ from, to }) => n >= from && n <= to);
    if (span === undefined) return false;
    const left = [
      { from: span.from, to: n - 1 },
      { from: n + 1, to: span.to },
    ].filter(({ from, to }) => from <= to);
    this.#missing = this.#missing.flatMap((other) => (other === span ? left : [other]));
    return true;
  }
}
