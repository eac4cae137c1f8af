import type { NotedWriter } from '../read/evidence-source.js';
import type { Report } from './report.js';
import type { IsOurs, Stream, StreamCheck } from './stream-check.js';

/** That what the sequencer has noted of its writers is what the tree says of them. */
export class WriterCheck {
  readonly #report: Report;
  readonly #streams: StreamCheck;
  readonly #isOurs: IsOurs;
  /** Numbers up to which streams are said to be in the tree, further than they are. */
  readonly #ahead = new Map<string, number>();

  constructor(report: Report, streams: StreamCheck, isOurs: IsOurs) {
    this.#report = report;
    this.#streams = streams;
    this.#isOurs = isOurs;
  }

  /** Whether streams are said to be further than the ledger explains so far. */
  get lacksAlarm(): boolean {
    return [...this.#ahead.keys()].some((writer) => this.#unexplained(writer) > 0);
  }

  /**
   * Compares the notes with a tree of the size that it had then.
   * @param lastGone index of the last entry without content: of streams that began before it not all is known
   */
  async compare(noted: readonly NotedWriter[], size: number, lastGone: number): Promise<void> {
    const rows = new Map(noted.map((row) => [row.writer, row]));
    for (const [writer, stream] of this.#streams.streams) {
      const row = rows.get(writer);
      rows.delete(writer);
      const wrong = row === undefined ? ['row'] : this.#wrong(row, stream, stream.introducedAt < lastGone);
      if (wrong.length > 0)
        this.#report.among(
          stream.index,
          size,
          row === undefined
            ? `the sequencer does not know its writer ${writer} any more`
            : `the sequencer has noted another ${wrong.join(', ')} of its writer ${writer}`,
        );
    }
    for (const row of rows.values()) await this.#requireIntroduced(row, size, lastGone);
  }

  finish(): void {
    for (const writer of this.#ahead.keys()) {
      const count = this.#unexplained(writer);
      const index = this.#streams.streams.get(writer)?.index ?? 0;
      if (count > 0)
        this.#report.among(
          index + 1,
          index + 2,
          `the sequencer has noted ${count} entries more of writer ${writer} than the tree has`,
        );
    }
  }

  #wrong(row: NotedWriter, { introduction, n, changes, digest }: Stream, isPartial: boolean): string[] {
    const isContiguous = introduction.stream === 'reads';
    const highest = isContiguous ? n : changes.highest;
    if (isContiguous && row.sequenced > highest && !isPartial) this.#ahead.set(row.writer, row.sequenced);
    const isBehind = row.sequenced < highest || (!isContiguous && row.sequenced > highest);
    const hasOtherLast = row.sequenced === highest && row.last?.toString('base64url') !== digest;
    return [
      ...(row.stream === introduction.stream ? [] : ['stream']),
      ...(row.key.toString('base64url') === introduction.key ? [] : ['key']),
      ...(row.mark === introduction.mark ? [] : ['mark']),
      ...(isBehind && !isPartial ? ['number'] : []),
      ...(hasOtherLast && !isPartial ? ['last entry'] : []),
    ];
  }

  /** Its introduction may have been dropped; the mark is what it was. */
  async #requireIntroduced(
    { writer, stream, key, mark }: NotedWriter,
    size: number,
    lastGone: number,
  ): Promise<void> {
    const isOurs = await this.#isOurs({ writer, stream, key: key.toString('base64url'), mark });
    if (!isOurs || lastGone < 0)
      this.#report.among(0, size, `the sequencer has noted a writer ${writer} whom no entry introduces`);
  }

  #unexplained(writer: string): number {
    const reached = this.#streams.streams.get(writer)?.n ?? 0;
    const ahead = (this.#ahead.get(writer) ?? 0) - reached;
    return ahead <= 0 ? 0 : Math.max(0, ahead - this.#streams.recordedBeyond(writer));
  }
}
