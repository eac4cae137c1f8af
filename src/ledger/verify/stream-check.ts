import { hash } from 'node:crypto';
import type { Envelope, Introduction } from '../entry/entry.js';
import type { StoredEntry } from '../read/ledger-leaf.js';
import { SignatureCheck } from '../sequence/signatures.js';
import { ChangeNumbers } from './change-numbers.js';
import type { Report } from './report.js';

/** What the tree says of a stream so far. */
export interface Stream {
  readonly introduction: Introduction;
  /** Index of the entry that introduces it. */
  readonly introducedAt: number;
  readonly changes: ChangeNumbers;
  /** Number of the last entry, its index, and the hash of its bytes in base64url. */
  n: number;
  index: number;
  digest: string | undefined;
  at: string;
  isClosed: boolean;
}

interface Loss {
  readonly index: number;
  readonly count: number;
}

/** Whether an introduction bears our mark. */
export type IsOurs = (introduction: Introduction) => Promise<boolean>;

/** The streams of the ledger's writers: that each entry is signed, and every number there. */
export class StreamCheck {
  readonly #report: Report;
  readonly #isOurs: IsOurs;
  readonly #streams = new Map<string, Stream>();
  readonly #missing = new Map<string, Loss>();
  /** How many entries the ledger itself says are missing, by writer. */
  readonly #recorded = new Map<string, number>();
  readonly #signatures = new SignatureCheck();
  #unknown = 0;

  constructor(report: Report, isOurs: IsOurs) {
    this.#report = report;
    this.#isOurs = isOurs;
  }

  get streams(): ReadonlyMap<string, Stream> {
    return this.#streams;
  }

  /** How many entries of a stream the ledger says are missing, beyond those that are missed among those it has. */
  recordedBeyond(writer: string): number {
    return (this.#recorded.get(writer) ?? 0) - (this.#missing.get(writer)?.count ?? 0);
  }

  /** @param isOldestGone whether earlier entries were dropped, introductions among them */
  async check(index: number, stored: StoredEntry, envelope: Envelope, isOldestGone: boolean): Promise<void> {
    const { writer, n, introduces } = envelope;
    if (stored.writer !== writer || stored.n !== n) {
      this.#report.bad(index, 'its writer or number is not the one in its bytes');
      return;
    }
    if (introduces?.writer === writer) await this.#introduce(index, introduces);
    const stream = this.#streams.get(writer);
    if (stream === undefined) {
      if (isOldestGone) this.#unknown += 1;
      else this.#report.bad(index, 'no entry before it introduces its writer');
      return;
    }
    if (!this.#signatures.isSigned(stream.introduction, stored.envelope, stored.signature))
      this.#report.bad(index, 'its writer has not signed it');
    if (stream.introduction.stream === 'reads') this.#follow(index, stream, envelope);
    else if (!stream.changes.add(n)) this.#report.bad(index, `number ${n} of its stream is there before`);
    stream.n = n;
    stream.index = index;
    stream.digest = hash('sha256', stored.envelope, 'base64url');
    stream.at = envelope.at;
    if (introduces !== undefined && introduces.writer !== writer) await this.#introduce(index, introduces);
    this.#note(envelope);
  }

  /** A gap that the ledger itself has recorded is known; another is not. */
  finish(): void {
    for (const [writer, { index, count }] of this.#missing) {
      const unrecorded = count - (this.#recorded.get(writer) ?? 0);
      if (unrecorded > 0)
        this.#report.bad(index, `${unrecorded} entries of its stream before it are missing`);
    }
    const recorded = [...this.#recorded.values()].reduce((sum, count) => sum + count, 0);
    if (recorded > 0)
      this.#report.notice(
        `${recorded} entries were removed before they were sequenced; the ledger has recorded it`,
      );
    if (this.#unknown > 0)
      this.#report.notice(
        `${this.#unknown} signatures cannot be checked: their writers were introduced in dropped entries`,
      );
  }

  async #introduce(index: number, introduction: Introduction): Promise<void> {
    const before = this.#streams.get(introduction.writer);
    if (before !== undefined) {
      if (before.introduction.key !== introduction.key)
        this.#report.bad(index, 'it introduces a writer again, with another key');
      return;
    }
    if (!(await this.#isOurs(introduction)))
      this.#report.bad(index, 'it introduces a writer that is none of ours');
    this.#streams.set(introduction.writer, {
      introduction,
      introducedAt: index,
      changes: new ChangeNumbers(),
      n: 0,
      index,
      digest: undefined,
      at: '',
      isClosed: false,
    });
  }

  #follow(index: number, stream: Stream, { writer, n, previous, at }: Envelope): void {
    if (stream.isClosed) this.#report.bad(index, 'its stream was closed before');
    if (n <= stream.n) this.#report.bad(index, `number ${n} of its stream comes after number ${stream.n}`);
    else if (n > stream.n + 1) this.#lose(index, writer, n - stream.n - 1);
    else if (previous !== stream.digest)
      this.#report.bad(index, 'it does not name the entry before it in its stream');
    if (at < stream.at) this.#report.bad(index, 'it is older than the entry before it in its stream');
  }

  /** What the ledger says about streams in so many words. */
  #note({ action, resource: { id = '' }, count }: Envelope): void {
    if (action === 'ledger.writer_gap') this.#recorded.set(id, (this.#recorded.get(id) ?? 0) + count);
    const closed = action === 'ledger.writer_closed' ? this.#streams.get(id) : undefined;
    if (closed !== undefined) closed.isClosed = true;
  }

  #lose(index: number, writer: string, count: number): void {
    const before = this.#missing.get(writer);
    this.#missing.set(writer, { index: before?.index ?? index, count: count + (before?.count ?? 0) });
  }
}
