import { Injectable } from '@nestjs/common';
import type { AuditorActor, RequestContext } from '../../kernel/context.js';
import {
  type Action,
  Ledger,
  type LedgerEntry,
  type EntryProof,
  LedgerReader,
  type PublishedCheckpoint,
} from '../../ledger/index.js';
import { Settings } from '../../platform/config/settings.js';
import { CursorCodec, Page } from '../../platform/http/index.js';
import type { EventQuery } from './dtos.js';

type Auditor = RequestContext<AuditorActor>;

/** What auditors do. Their reading is an entry like any other, in the tree before the answer leaves. */
@Injectable()
export class Audit {
  readonly #reader: LedgerReader;
  readonly #ledger: Ledger;
  readonly #cursors: CursorCodec;
  readonly #settings: Settings;

  constructor(reader: LedgerReader, ledger: Ledger, cursors: CursorCodec, settings: Settings) {
    this.#reader = reader;
    this.#ledger = ledger;
    this.#cursors = cursors;
    this.#settings = settings;
  }

  async events(context: Auditor, { limit, cursor, ...filter }: EventQuery): Promise<Page<LedgerEntry>> {
    const kind = `audit/events/${JSON.stringify(filter)}`;
    const before = cursor === undefined ? undefined : Number(this.#cursors.decode(kind, cursor)[0]);
    await this.#record(context, 'audit.listed');
    const entries = await this.#reader.list(filter, limit + 1, before);
    return this.#page(kind, entries, limit, (entry) => entry.index);
  }

  async entry(context: Auditor, id: string): Promise<LedgerEntry> {
    const entry = await this.#reader.entry(id);
    await this.#record(context, 'audit.entry_read', id);
    return entry;
  }

  async proof(context: Auditor, id: string): Promise<EntryProof> {
    const proof = await this.#reader.proof(id);
    await this.#record(context, 'audit.entry_read', id);
    return proof;
  }

  async checkpoints(limit: number, cursor?: string): Promise<Page<PublishedCheckpoint>> {
    const kind = 'audit/checkpoints';
    const before = cursor === undefined ? undefined : Number(this.#cursors.decode(kind, cursor)[0]);
    const found = await this.#reader.checkpoints(limit + 1, before);
    return this.#page(kind, found, limit, (checkpoint) => checkpoint.size);
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
