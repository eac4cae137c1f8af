import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Failure } from '../../../kernel/errors.js';
import { LedgerExport, type TimeSpan, TreeReader, Witnesses } from '../../../ledger/index.js';
import { Logger } from '../../../platform/logging/logger.js';
import { type Auditor, AuditorEntries } from '../auditor-entries.js';
import { timeSpanOf } from '../time-span.js';
import { CSV } from './csv.js';
import type { ExportFormatName, ExportQuery } from './export.dto.js';
import type { ExportFormat } from './export-format.js';
import { NDJSON } from './ndjson.js';
import { OCSF } from './ocsf.js';

const FORMATS = { ndjson: NDJSON, csv: CSV, ocsf: OCSF } as const satisfies Record<
  ExportFormatName,
  ExportFormat
>;

export interface Export {
  readonly mediaType: string;
  readonly extension: string;
  /** Read as fast as the receiver takes it; breaks off without its end when the ledger cannot be read. */
  readonly content: Readable;
}

/** The ledger leaves in a stream: what it holds when it is asked for, whatever is added meanwhile. */
@Injectable()
export class Exports {
  readonly #ledger: LedgerExport;
  readonly #tree: TreeReader;
  readonly #witnesses: Witnesses;
  readonly #entries: AuditorEntries;
  readonly #logger: Logger;

  constructor(
    ledger: LedgerExport,
    tree: TreeReader,
    witnesses: Witnesses,
    entries: AuditorEntries,
    logger: Logger,
  ) {
    this.#ledger = ledger;
    this.#tree = tree;
    this.#witnesses = witnesses;
    this.#entries = entries;
    this.#logger = logger;
  }

  /** @throws Failure `invalid_query`, `witnesses_unreachable`, `ledger_unavailable` */
  async begin(context: Auditor, query: ExportQuery): Promise<Export> {
    const time = timeSpanOf(query);
    await this.#requireWitnessed(context, query);
    await this.#entries.record(context, 'audit.exported', { reason: query.format });
    const checkpoint = await this.#tree.newestCheckpoint();
    if (checkpoint === undefined) throw new Failure('ledger_unavailable');
    const format = FORMATS[query.format];
    const content = Readable.from(this.#write(format, time, checkpoint), { objectMode: false });
    content.once('error', (error) => this.#logger.fault('export broke off', error));
    return { mediaType: format.mediaType, extension: format.extension, content };
  }

  /** What nobody outside could vouch for is not handed out; that it was asked for is on record all the same. */
  async #requireWitnessed(context: Auditor, { format }: ExportQuery): Promise<void> {
    try {
      await this.#witnesses.requireReachable();
    } catch (error) {
      await this.#entries.record(context, 'audit.exported', { reason: format, outcome: 'refused' });
      throw error;
    }
  }

  async *#write(
    { begin, lines, end }: ExportFormat,
    time: TimeSpan,
    { size, note }: { readonly size: number; readonly note: string },
  ): AsyncGenerator<string> {
    let count = 0;
    if (begin !== '') yield begin;
    for await (const batch of this.#ledger.places(time, size)) {
      yield lines(batch);
      count += batch.length;
    }
    const last = end(count, note, time);
    if (last !== '') yield last;
  }
}
