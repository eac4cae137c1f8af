import { Injectable } from '@nestjs/common';
import { type EntryProof, type LedgerEntry, LedgerReader, TreeReader } from '../../../ledger/index.js';
import { CursorCodec, type Page } from '../../../platform/http/index.js';
import { type Auditor, AuditorEntries } from '../auditor-entries.js';
import { IndexCursor } from '../index-cursor.js';
import { timeSpanOf } from '../time-span.js';
import type { EventQuery } from './event.dtos.js';

/** Entries as auditors read them. */
@Injectable()
export class Events {
  readonly #reader: LedgerReader;
  readonly #tree: TreeReader;
  readonly #entries: AuditorEntries;
  readonly #cursors: CursorCodec;

  constructor(reader: LedgerReader, tree: TreeReader, entries: AuditorEntries, cursors: CursorCodec) {
    this.#reader = reader;
    this.#tree = tree;
    this.#entries = entries;
    this.#cursors = cursors;
  }

  /** @throws Failure `invalid_cursor`, also for a cursor of another filter; `invalid_query`, `ledger_unavailable` */
  async list(
    context: Auditor,
    { limit, cursor, from, to, ...equal }: EventQuery,
  ): Promise<Page<LedgerEntry>> {
    const filter = { ...equal, ...timeSpanOf({ from, to }) };
    const list = new IndexCursor(this.#cursors, 'audit/events', filter);
    const before = list.position(cursor);
    await this.#entries.record(context, 'audit.listed');
    return list.page(await this.#reader.list(filter, limit + 1, before), limit);
  }

  /** @throws Failure `not_found`, `ledger_unavailable` */
  async one(context: Auditor, id: string): Promise<LedgerEntry> {
    const entry = await this.#reader.entry(id);
    await this.#entries.record(context, 'audit.entry_read', { resource: id });
    return entry;
  }

  /** @throws Failure `not_found`, `ledger_unavailable` */
  async proof(context: Auditor, id: string): Promise<EntryProof> {
    const proof = await this.#tree.proof(id);
    await this.#entries.record(context, 'audit.proof_read', { resource: id });
    return proof;
  }
}
