import { Injectable } from '@nestjs/common';
import { EvidenceSource } from './evidence-source.js';
import { checkpointLine, leafLine, wholeEndLine } from './export-line.js';
import { LeafSpans } from './leaf-spans.js';
import type { TimeSpan } from './ledger-filter.js';
import type { LedgerLeaf } from './ledger-leaf.js';
import { LedgerSource } from './ledger-source.js';

/** Places in memory at once, of which there may be one for each reader. */
const PAGE = 256;

/** Places that an export hands out, and the checkpoint that covers them. */
export interface ExportPart {
  readonly first: number;
  /** Exclusive: the size of the checkpoint's tree. */
  readonly size: number;
  /** Signed note. */
  readonly note: string;
}

/** Hands the ledger out, oldest first, a page at a time; no connection is held while the reader is slow. */
@Injectable()
export class LedgerExport {
  readonly #source: LedgerSource;
  readonly #spans: LeafSpans;
  readonly #evidence: EvidenceSource;

  constructor(source: LedgerSource, spans: LeafSpans, evidence: EvidenceSource) {
    this.#source = source;
    this.#spans = spans;
    this.#evidence = evidence;
  }

  /**
   * Of a span of time, the places that have their contents; without one, every place of the tree, so that its root can
   * be recomputed.
   * @param size of the tree whose checkpoint goes with the export: nothing beyond it is handed out
   * @param first nothing before it is handed out
   */
  async *places(time: TimeSpan, size: number, first = 0): AsyncGenerator<readonly LedgerLeaf[], void> {
    const span = await this.#spans.of(time, size);
    if (span === undefined) return;
    const begin = Math.max(span.first, first);
    for await (const { leaves } of this.#source.pages(begin, span.last + 1, PAGE))
      yield leaves.filter((leaf) => isWithin(time, leaf));
  }

  /**
   * What an export covers: all that is signed when it begins. If a month is dropped while it is handed out there is
   * another part, up to what is signed by then: in it the ledger says that the month goes.
   */
  async *parts(): AsyncGenerator<ExportPart, void> {
    const dropped = await this.#source.dropped();
    const newest = await this.#source.newest();
    if (newest === undefined) return;
    yield { ...newest, first: 0 };
    if ((await this.#source.dropped()) === dropped) return;
    const later = await this.#source.newest();
    if (later !== undefined && later.size > newest.size) yield { ...later, first: newest.size };
  }

  /**
   * The whole ledger as it can be verified without the database: the lines of its places, before them those of the
   * checkpoints that they make up, and a last line.
   */
  async *lines(progress?: (done: number, total: number) => void): AsyncGenerator<string, void> {
    let done = 0;
    let kept = 0;
    let checkpoint: string | undefined;
    for await (const { first, size, note } of this.parts()) {
      checkpoint = note;
      for await (const { leaves, checkpoints } of this.#source.pages(first, size, PAGE)) {
        yield [...checkpoints.map(checkpointLine), ...leaves.map(leafLine)].join('');
        kept += checkpoints.length;
        done = (leaves.at(-1)?.index ?? 0) + 1;
        progress?.(done, size);
      }
    }
    const strays = await this.#source.strayCheckpoints();
    yield strays.map(checkpointLine).join('');
    const refused = await this.#evidence.refused();
    yield wholeEndLine(done, checkpoint, { checkpoints: kept + strays.length, refused });
  }
}

function isWithin({ from, to }: TimeSpan, { stored }: LedgerLeaf): boolean {
  if (from === undefined && to === undefined) return true;
  return (
    stored !== undefined && (from === undefined || stored.at >= from) && (to === undefined || stored.at < to)
  );
}
