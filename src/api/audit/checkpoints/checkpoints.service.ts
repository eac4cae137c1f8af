import { Injectable } from '@nestjs/common';
import { type PublishedCheckpoint, TreeReader } from '../../../ledger/index.js';
import { CursorCodec, cutPage, Page, type PageQuery } from '../../../platform/http/index.js';
import { type Auditor, AuditorEntries } from '../auditor-entries.js';
import { wrongSpan } from '../time-span.js';

const LIST = 'audit/checkpoints';

/** The tree's signed checkpoints as auditors read them. */
@Injectable()
export class Checkpoints {
  readonly #tree: TreeReader;
  readonly #entries: AuditorEntries;
  readonly #cursors: CursorCodec;

  constructor(tree: TreeReader, entries: AuditorEntries, cursors: CursorCodec) {
    this.#tree = tree;
    this.#entries = entries;
    this.#cursors = cursors;
  }

  /** @throws Failure `invalid_cursor`, `ledger_unavailable` */
  async list(context: Auditor, { limit, cursor }: PageQuery): Promise<Page<PublishedCheckpoint>> {
    const [epoch, size] = cursor === undefined ? [] : this.#cursors.decode(LIST, cursor).map(Number);
    const before = epoch === undefined || size === undefined ? undefined : { epoch, size };
    await this.#entries.record(context, 'audit.checkpoints_listed');
    const found = await this.#tree.checkpoints(limit + 1, before);
    const { items, last } = cutPage(found, limit);
    return new Page(items, this.#cursors.next(LIST, last && [String(last.epoch), String(last.size)]));
  }

  /** @throws Failure `invalid_query`, `not_found` for sizes that are not signed yet, `ledger_unavailable` */
  async consistency(context: Auditor, from: number, to: number): Promise<readonly Buffer[]> {
    if (from > to) throw wrongSpan('/to');
    const hashes = await this.#tree.consistency(from, to);
    await this.#entries.record(context, 'audit.consistency_read');
    return hashes;
  }
}
