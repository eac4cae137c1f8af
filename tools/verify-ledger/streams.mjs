import { createHash } from 'node:crypto';
import { ed25519Key } from './notes.mjs';
import { Signatures } from './signatures.mjs';

const base64url = (bytes) => bytes.toString('base64url');

/** The streams of the ledger's writers: who signed, and whether every number is there. */
export class Streams {
  #report;
  #writers = new Map();
  #signatures = new Signatures();
  /** Numbers that are missing, and how many of them the ledger itself says are, by writer. */
  #missing = new Map();
  #recorded = new Map();
  /** Entries whose writer was introduced in what was dropped, and entries that came without a signature. */
  unknown = 0;
  unsigned = 0;

  constructor(report) {
    this.#report = report;
  }

  /**
   * @param line of the export: writer, n and signature, where it has them
   * @param bytes the entry's exact bytes
   * @param isOldestGone whether earlier entries were dropped, introductions among them
   */
  check(index, line, bytes, entry, isOldestGone) {
    const { writer, n } = entry;
    if (writer !== (line.writer ?? writer) || n !== (line.n ?? n)) {
      this.#report.bad(index, 'its writer or number is not the one in its bytes');
      return;
    }
    if (entry.introduces?.writer === writer) this.#introduce(index, entry.introduces);
    const known = this.#writers.get(writer);
    if (known === undefined) {
      if (isOldestGone) this.unknown += 1;
      else this.#report.bad(index, 'no entry before it introduces its writer');
      return;
    }
    if (line.signature === undefined) this.unsigned += 1;
    else if (!this.#signatures.holds(writer, known.key, bytes, Buffer.from(line.signature, 'base64')))
      this.#report.bad(index, 'its writer has not signed it');
    if (known.isContiguous) this.#follow(index, known, entry);
    else if (!this.#isFirst(known, n)) this.#report.bad(index, `number ${n} of its stream is there before`);
    known.n = n;
    known.digest = base64url(createHash('sha256').update(bytes).digest());
    known.at = entry.at;
    if (entry.introduces !== undefined && entry.introduces.writer !== writer)
      this.#introduce(index, entry.introduces);
    this.#note(entry);
  }

  /** What the ledger says about streams in so many words. */
  #note(entry) {
    const { id } = entry.resource;
    if (entry.action === 'ledger.writer_gap')
      this.#recorded.set(id, (this.#recorded.get(id) ?? 0) + entry.count);
    const closed = entry.action === 'ledger.writer_closed' ? this.#writers.get(id) : undefined;
    if (closed !== undefined) closed.isClosed = true;
  }

  #introduce(index, { writer, stream, key }) {
    const before = this.#writers.get(writer);
    if (before !== undefined) {
      if (before.encoded !== key) this.#report.bad(index, 'it introduces a writer again, with another key');
      return;
    }
    this.#writers.set(writer, {
      key: ed25519Key(Buffer.from(key, 'base64url')),
      encoded: key,
      isContiguous: stream === 'reads',
      isClosed: false,
      n: 0,
      digest: undefined,
      at: '',
      highest: 0,
      open: [],
    });
  }

  /** In a stream of changes numbers may be missing or come late, but none comes twice. */
  #isFirst(known, n) {
    if (n > known.highest) {
      if (n - known.highest > 1) known.open.push([known.highest + 1, n - 1]);
      known.highest = n;
      return true;
    }
    const at = known.open.findIndex(([from, to]) => from <= n && n <= to);
    if (at < 0) return false;
    const [from, to] = known.open[at];
    if (from === to) known.open.splice(at, 1);
    else if (n === from) known.open[at] = [n + 1, to];
    else if (n === to) known.open[at] = [from, n - 1];
    else known.open.splice(at, 1, [from, n - 1], [n + 1, to]);
    return true;
  }

  #follow(index, known, { writer, n, previous, at }) {
    if (known.isClosed) this.#report.bad(index, 'its stream was closed before');
    if (n <= known.n) this.#report.bad(index, `number ${n} of its stream comes after number ${known.n}`);
    else if (n > known.n + 1) this.#lose(index, writer, n - known.n - 1);
    else if (previous !== known.digest)
      this.#report.bad(index, 'it does not name the entry before it in its stream');
    if (at < known.at) this.#report.bad(index, 'it is older than the entry before it in its stream');
  }

  #lose(index, writer, count) {
    const before = this.#missing.get(writer);
    this.#missing.set(writer, { index: before?.index ?? index, count: (before?.count ?? 0) + count });
  }

  /** A gap that the ledger itself has recorded is known; another is not. */
  finish() {
    for (const [writer, { index, count }] of this.#missing) {
      const recorded = this.#recorded.get(writer) ?? 0;
      if (count > recorded)
        this.#report.bad(index, `${count - recorded} entries of its stream before it are missing`);
    }
    const known = [...this.#recorded.values()].reduce((sum, count) => sum + count, 0);
    if (known > 0)
      this.#report.notice(
        `${known} entries were removed before they were sequenced; the ledger has recorded it`,
      );
    if (this.unsigned > 0)
      this.#report.notice(`${this.unsigned} entries came without their writers' signatures`);
    if (this.unknown > 0)
      this.#report.notice(
        `${this.unknown} signatures cannot be checked: their writers were introduced in dropped entries`,
      );
  }
}
