import { Injectable } from '@nestjs/common';
import { AuditorConnection } from './auditor-connection.js';
import { type LeafSpan, spanQuery, type TimeSpan } from './ledger-filter.js';

/** Translates spans of time into spans of leaves. */
@Injectable()
export class LeafSpans {
  readonly #auditor: AuditorConnection;

  constructor(auditor: AuditorConnection) {
    this.#auditor = auditor;
  }

  /**
   * @param before only leaves with a smaller index
   * @returns `undefined` when there can be none
   */
  async of({ from, to }: TimeSpan, before = Number.MAX_SAFE_INTEGER): Promise<LeafSpan | undefined> {
    const everything = { first: 0, last: before - 1 };
    if (from === undefined && to === undefined) return everything;
    const { text, values } = spanQuery(from, to);
    const [row] = await this.#auditor.query<{ first: string | null; last: string | null }>(text, values);
    if (row?.first == null || row.last === null) return undefined;
    const span = { first: Number(row.first), last: Math.min(Number(row.last), everything.last) };
    return span.first <= span.last ? span : undefined;
  }
}
