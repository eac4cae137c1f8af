import { Injectable } from '@nestjs/common';
import { AuditorConnection } from '../read/auditor-connection.js';
import type { LedgerLeaf } from './ledger-leaf.js';
import { LedgerSource } from './ledger-source.js';

const base64 = (bytes: Buffer | undefined): string | undefined => bytes?.toString('base64');

/** Of an entry without content there is the hash only. */
function lineOf({ index, stored, hash, listed, subjects }: LedgerLeaf): object {
  const place = { index, hash: base64(hash) };
  if (stored === undefined) return place;
  return {
    ...place,
    entry: base64(stored.envelope),
    writer: stored.writer,
    n: stored.n,
    signature: base64(stored.signature),
    subjects: subjects.map((subject) =>
      subject.record === null ? { hash: base64(subject.hash) } : { record: base64(subject.record) },
    ),
    listed: listed ?? null,
  };
}

/** The whole ledger as a file that can be verified without the database (NDJSON). */
@Injectable()
export class ExportLines {
  readonly #source: LedgerSource;

  constructor(auditor: AuditorConnection) {
    this.#source = new LedgerSource(auditor);
  }

  /**
   * An entry a line, in order, with its hash in the tree; between them the checkpoints whose size has been reached. The
   * last line has `count` and `checkpoint`: without it an export is not complete.
   */
  async *lines(progress?: (done: number, total: number) => void): AsyncGenerator<string, void> {
    const newest = await this.#source.newest();
    const size = newest?.size ?? 0;
    let done = 0;
    for await (const { leaves, notes } of this.#source.pages(size)) {
      // A checkpoint is compared when the tree has its size, so it comes before the entries.
      yield [...notes.map((checkpoint) => ({ checkpoint })), ...leaves.map(lineOf)]
        .map((line) => `${JSON.stringify(line)}\n`)
        .join('');
      done = (leaves.at(-1)?.index ?? 0) + 1;
      progress?.(done, size);
    }
    yield `${JSON.stringify({ count: done, checkpoint: newest?.note })}\n`;
  }
}
