import { Injectable } from '@nestjs/common';
import type { AuditorActor, RequestContext } from '../../kernel/context.js';
import {
  type Action,
  type EntryProof,
  Ledger,
  type LedgerEntry,
  LedgerReader,
  type PublishedCheckpoint,
  TreeReader,
} from '../../ledger/index.js';
import { Settings } from '../../platform/config/settings.js';
import { CursorCodec, Page, type PageQuery } from '../../platform/http/index.js';
import type { EventQuery } from './dtos.js';

type Auditor = RequestContext<AuditorActor>;

/** What auditors do. Their reading is an entry like any other, in the tree before the answer leaves. */
@Injectable()
export class Audit {
  readonly #reader: LedgerReader;
  readonly #tree: TreeReader;
  readonly #ledger: Ledger;
  readonly #cursors: CursorCodec;
  readonly #settings: Settings;

  constructor(
    reader: LedgerReader,
    tree: TreeReader,
    ledger: Ledger,
    cursors: CursorCodec,
    settings: Settings,
  ) {
    this.#reader = reader;
    this.#tree = tree;
    this.#ledger = ledger;
    this.#cursors = cursors;
    this.#settings = settings;
  }

  /** @throws Failure `invalid_cursor`, also for a cursor of another filter; `ledger_unavailable` */
  async events(
    context: Auditor,
    { limit, cursor, from, to, ...equal }: EventQuery,
  ): Promise<Page<LedgerEntry>> {
    const filter = {
      ...equal,
      ...(from === undefined ? {} : { from: new Date(from) }),
      ...(to === undefined ? {} : { to: new Date(to) }),
    };
    const kind = `audit/events/${JSON.stringify(Object.entries(filter).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`;
    const before = this.#position(kind, cursor);
    await this.#record(context, 'audit.listed');
    const found = await this.#reader.list(filter, limit + 1, before);
    return this.#page(kind, found, limit, (entry) => entry.index);
  }

  /** @throws Failure `not_found`, `ledger_unavailable` */
  async entry(context: Auditor, id: string): Promise<LedgerEntry> {
    const entry = await this.#reader.entry(id);
    await this.#record(context, 'audit.entry_read', id);
    return entry;
  }

  /** @throws Failure `not_found`, `ledger_unavailable` */
  async proof(context: Auditor, id: string): Promise<EntryProof> {
    const proof = await this.#tree.proof(id);
    await this.#record(context, 'audit.proof_read', id);
    return proof;
  }

  /** @throws Failure `invalid_cursor`, `ledger_unavailable` */
  async checkpoints(context: Auditor, { limit, cursor }: PageQuery): Promise<Page<PublishedCheckpoint>> {
    const kind = 'audit/checkpoints';
    const before = this.#position(kind, cursor);
    await this.#record(context, 'audit.checkpoints_listed');
    const found = await this.#tree.checkpoints(limit + 1, before);
    return this.#page(kind, found, limit, (checkpoint) => checkpoint.size);
  }

  /** @throws Failure `not_found`, `ledger_unavailable` */
  async consistency(context: Auditor, from: number, to: number): Promise<readonly Buffer[]> {
    const hashes = await this.#tree.consistency(from, to);
    await this.#record(context, 'audit.consistency_read');
    return hashes;
  }

  #position(kind: string, cursor: string | undefined): number | undefined {
    return cursor === undefined ? undefined : Number(this.#cursors.decode(kind, cursor)[0]);
  }

  #page<T>(kind: string, found: readonly T[], limit: number, position: (item: T) => number): Page<T> {
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const more = found.length > limit && last !== undefined;
    return new Page(items, more ? this.#cursors.encode(kind, [String(position(last))]) : null);
  }

  async #record(context: Auditor, action: Action, resource?: string): Promise<void> {
    const draft = resource === undefined ? { action, context } : { action, context, resource };
    await this.#ledger.append(draft, this.#settings.ledger.acknowledgement.staff);
  }
}
