import { type CursorCodec, cutPage, Page } from '../../platform/http/index.js';

/**
 * A list of the ledger by the index of its entries, newest first.
 * @param kind the list with its filters: a cursor of another filter is refused
 */
export class IndexCursor {
  readonly #cursors: CursorCodec;
  readonly #kind: string;

  constructor(cursors: CursorCodec, list: string, filter: object) {
    this.#cursors = cursors;
    this.#kind = `${list}/${JSON.stringify(Object.entries(filter).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`;
  }

  /** The index before which the page begins. @throws Failure `invalid_cursor` */
  position(cursor: string | undefined): number | undefined {
    return cursor === undefined ? undefined : Number(this.#cursors.decode(this.#kind, cursor)[0]);
  }

  /** @param found one more than the limit when there is a next page */
  page<T extends { readonly index: number }>(found: readonly T[], limit: number): Page<T> {
    const { items, last } = cutPage(found, limit);
    return new Page(items, this.#cursors.next(this.#kind, last && [String(last.index)]));
  }
}
