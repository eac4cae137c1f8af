import { Checkpoints } from './checkpoints.mjs';
import { Dropped } from './dropped.mjs';
import { checkListed, checkShown, checkSubjects, readEntry } from './entries.mjs';
import { KeptCheckpoints } from './kept.mjs';
import { readCheckpoint } from './notes.mjs';
import { Refused } from './refused.mjs';
import { Streams } from './streams.mjs';
import { GrowingTree, leafHash } from './tree.mjs';

const decoded = (text) => (typeof text === 'string' ? Buffer.from(text, 'base64') : undefined);

/** What an export has beside the bytes of each entry. */
const BESIDE = ['writer', 'n', 'signature', 'subjects', 'listed', 'event'];

/** Takes an export line by line, in constant memory: one hash for each level, one key for each writer. */
export class Verification {
  #isLog;
  #report;
  #verifiers;
  #tree = new GrowingTree();
  #streams;
  #checkpoints;
  #dropped;
  #kept;
  #refused;
  #next = 0;
  #withheld = 0;
  #unsigned = 0;
  #misplaced = 0;
  #last;

  /** @param isLog whether entries come from a log, which may keep them to itself and has them without what stands beside */
  constructor(report, verifiers, kept, { isLog }) {
    this.#isLog = isLog;
    this.#report = report;
    this.#verifiers = verifiers;
    this.#streams = new Streams(report);
    this.#dropped = new Dropped(report);
    this.#checkpoints = new Checkpoints(report);
    this.#kept = new KeptCheckpoints(report);
    this.#refused = new Refused(report);
    for (const { checkpoint, where } of kept) {
      this.#checkpoints.expect(checkpoint, where);
      this.#kept.addCopy(checkpoint);
    }
    this.#checkpoints.reach(this.#tree);
  }

  /** Entries taken so far. */
  get size() {
    return this.#next;
  }

  /** The newest checkpoint; undefined when the export has ended before its end. */
  get newest() {
    return this.#last;
  }

  take(line) {
    if (this.#last !== undefined)
      this.#report.bad(this.#next, 'something follows the last line of the export');
    else if ('count' in line) this.#finish(line);
    else if ('checkpoint' in line) this.#expect(line);
    else this.#leaf(line);
  }

  /** @param line with what the ledger keeps the checkpoint under */
  #expect({ checkpoint: note, epoch, size }) {
    const checkpoint = readCheckpoint(note, this.#verifiers);
    if (checkpoint?.isSigned === true) {
      if (checkpoint.size !== size || !checkpoint.origin.endsWith(`/${epoch}`)) this.#misplaced += 1;
      this.#checkpoints.expect(checkpoint, 'in the export');
      this.#kept.add(checkpoint);
      this.#checkpoints.reach(this.#tree);
    } else this.#unsigned += 1;
  }

  #leaf(line) {
    const { index } = line;
    if (index > this.#next && this.#next === 0)
      throw new Error(`The export begins with entry ${index}: what is before it cannot be told.`);
    if (index < this.#next) {
      this.#report.bad(index, 'there is another entry with this index');
      return;
    }
    if (index > this.#next) this.#report.bad(this.#next, `missing, with all up to ${index - 1}`);
    this.#next = index + 1;
    const bytes = decoded(line.entry);
    if (bytes !== undefined) this.#entry(index, line, bytes);
    else if (this.#isLog && line.withheld === true) this.#withheld += 1;
    else this.#gone(index, line);
    const stored = decoded(line.hash);
    const hash = bytes === undefined ? stored : leafHash(bytes);
    if (stored === undefined && bytes !== undefined) this.#report.bad(index, 'its hash is missing');
    if (stored !== undefined && hash?.equals(stored) === false)
      this.#report.bad(index, 'changed: it has not the hash that the tree has');
    if (hash?.length === 32) this.#grow(index, hash);
    else this.#report.bad(index, 'missing, its hash too');
  }

  #gone(index, { listed, subjects }) {
    this.#dropped.add(index);
    if (listed !== undefined || subjects !== undefined)
      this.#report.bad(index, 'it has no content and searches find it all the same');
  }

  /** Behind a hole there is no tree any more to be compared. */
  #grow(index, hash) {
    if (this.#tree.size !== index) return;
    this.#tree.append(hash);
    this.#checkpoints.reach(this.#tree);
  }

  #entry(index, line, bytes) {
    const entry = readEntry(bytes);
    if (entry === undefined) {
      this.#report.bad(index, 'it is no entry');
      return;
    }
    const lacking = this.#isLog ? [] : BESIDE.filter((name) => line[name] === undefined);
    if (lacking.length > 0) this.#report.bad(index, `the export lacks its ${lacking.join(', ')}`);
    this.#streams.check(index, line, bytes, entry, this.#dropped.isAny);
    if (line.subjects !== undefined) checkSubjects(this.#report, index, entry, line.subjects);
    if (line.listed !== undefined) checkListed(this.#report, index, entry, line.listed);
    if (line.event !== undefined) checkShown(this.#report, index, entry, line.event);
    this.#dropped.note(index, entry);
    this.#refused.note(index, entry);
    if (entry.action === 'ledger.epoch_opened' && this.#tree.size === index)
      this.#checkpoints.cut(this.#tree, entry.cites);
  }

  #finish({ count, checkpoint: note, checkpoints, refused, from, to }) {
    if (from !== undefined || to !== undefined)
      throw new Error('The export is a part of the ledger: only the whole can be verified.');
    const checkpoint = readCheckpoint(note ?? '', this.#verifiers);
    if (checkpoint === undefined) return;
    this.#last = checkpoint;
    if (!checkpoint.isSigned) this.#unsigned += 1;
    if (count !== this.#next)
      this.#report.bad(Math.min(count, this.#next), `the export says ${count} entries and has ${this.#next}`);
    if (checkpoint.size < this.#next)
      this.#report.bad(checkpoint.size, 'the newest checkpoint ends before it');
    this.#checkpoints.expect(checkpoint, 'the newest');
    this.#checkpoints.reach(this.#tree);
    this.#checkpoints.finish(this.#next);
    this.#streams.finish();
    this.#dropped.finish();
    // Only an export of everything that is kept can lack some of it.
    if (checkpoints !== undefined) this.#finishKept(checkpoint, checkpoints, refused);
    if (this.#unsigned > 0)
      this.#report.fork(0, this.#next, `${this.#unsigned} checkpoints are not signed by this key`);
    if (this.#misplaced > 0)
      this.#report.fork(
        0,
        this.#next,
        `${this.#misplaced} checkpoints are of another size or epoch than they are kept under`,
      );
    if (this.#withheld > 0)
      this.#report.notice(`${this.#withheld} entries were not given: only their hashes are checked`);
  }

  #finishKept(newest, checkpoints, refused) {
    this.#kept.finish(newest);
    this.#refused.finish(refused);
    if (this.#kept.count + this.#unsigned < checkpoints)
      this.#report.fork(
        0,
        this.#next,
        `the export says ${checkpoints} checkpoints and has ${this.#kept.count}`,
      );
  }
}
