import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Failure } from '../../../kernel/errors.js';
import { ExportPermission, LedgerExport, type TimeSpan, TreeReader } from '../../../ledger/index.js';
import { Logger } from '../../../platform/logging/logger.js';
import type { Auditor } from '../auditor-entries.js';
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
  readonly #permission: ExportPermission;
  readonly #logger: Logger;

  constructor(ledger: LedgerExport, tree: TreeReader, permission: ExportPermission, logger: Logger) {
    this.#ledger = ledger;
    this.#tree = tree;
    this.#permission = permission;
    this.#logger = logger;
  }

  /** @throws Failure `invalid_query`, `witnesses_unreachable`, `ledger_unavailable` */
  async begin(context: Auditor, query: ExportQuery): Promise<Export> {
    const time = timeSpanOf(query);
    await this.#permission.require(context, query.format);
    if ((await this.#tree.newestCheckpoint()) === undefined) throw new Failure('ledger_unavailable');
    const format = FORMATS[query.format];
    const content = Readable.from(this.#write(format, time), { objectMode: false });
    content.once('error', (error) => this.#logger.fault('export broke off', error));
    return { mediaType: format.mediaType, extension: format.extension, content };
  }

  async *#write({ begin, lines, end }: ExportFormat, time: TimeSpan): AsyncGenerator<string> {
    let count = 0;
    let checkpoint = '';
    if (begin !== '') yield begin;
    for await (const { first, size, note } of this.#ledger.parts()) {
      checkpoint = note;
      for await (const batch of this.#ledger.places(time, size, first)) {
        yield lines(batch);
        count += batch.length;
      }
    }
    const last = end(count, checkpoint, time);
    if (last !== '') yield last;
  }
}
