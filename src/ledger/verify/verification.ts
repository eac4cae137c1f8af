import { readEnvelope } from '../entry/envelope-reader.js';
import { type Checkpoint, Frontier, HASH_BYTES, leafHash } from '../merkle/index.js';
import type { RefusedCounts, SequencerNotes } from '../read/evidence-source.js';
import { CheckpointChain } from './checkpoint-chain.js';
import { DroppedCheck } from './dropped-check.js';
import { checkColumns, checkGone, checkListed, checkSubjects } from './entry-check.js';
import { HoursCheck } from './hours-check.js';
import { KnownCheckpoints } from './known-checkpoints.js';
import type { LedgerLeaf, StoredCheckpoint, StoredEntry } from '../read/ledger-leaf.js';
import type { LedgerSource, Page } from '../read/ledger-source.js';
import { RefusalCheck } from './refusal-check.js';
import type { Report } from './report.js';
import { type IsOurs, StreamCheck } from './stream-check.js';
import { TileCheck } from './tile-check.js';
import { WriterCheck } from './writer-check.js';

/** Opens a signed note. @returns `undefined` for one that none of the given keys has signed as a checkpoint */
export type OpenCheckpoint = (note: string) => Checkpoint | undefined;

/** Takes the ledger page by page in constant memory: one hash for each level, one key for each writer. */
export class Verification {
  readonly #report: Report;
  readonly #open: OpenCheckpoint;
  readonly #tree = Frontier.empty();
  readonly #checkpoints: KnownCheckpoints;
  readonly #streams: StreamCheck;
  readonly #dropped: DroppedCheck;
  readonly #tiles: TileCheck;
  readonly #hours: HoursCheck;
  readonly #chain: CheckpointChain;
  readonly #writers: WriterCheck;
  readonly #refusals: RefusalCheck;
  readonly #notes: SequencerNotes;
  #areNotesCompared = false;
  #newest: Checkpoint | undefined;
  #next = 0;
  #unsigned = 0;
  #misplaced = 0;

  /** @param notes what the sequencer had noted before the newest checkpoint was signed that is verified */
  constructor(
    report: Report,
    source: LedgerSource,
    open: OpenCheckpoint,
    isOurs: IsOurs,
    notes: SequencerNotes,
  ) {
    this.#report = report;
    this.#open = open;
    this.#checkpoints = new KnownCheckpoints(report);
    this.#streams = new StreamCheck(report, isOurs);
    this.#dropped = new DroppedCheck(report);
    this.#tiles = new TileCheck(report, source);
    this.#hours = new HoursCheck(report, source);
    this.#chain = new CheckpointChain(report);
    this.#writers = new WriterCheck(report, this.#streams, isOurs);
    this.#refusals = new RefusalCheck(report);
    this.#notes = notes;
  }

  /** Entries taken so far. */
  get size(): number {
    return this.#next;
  }

  /** Whether more is gone than the entries taken so far account for: what does may come behind them. */
  get lacksAnnouncement(): boolean {
    return this.#dropped.isUnexplained;
  }

  /** Whether the notes tell of what the entries taken so far do not: an alarm about it may come behind them. */
  get lacksAlarm(): boolean {
    return this.#writers.lacksAlarm || this.#refusals.lacksAlarm(this.#notes.refused);
  }

  /** From when on nothing is gone. */
  get wholeFrom(): Date {
    return this.#dropped.wholeFrom;
  }

  /** What the tree must have had, or must still have. @param where how it is known */
  expect(checkpoint: Checkpoint, where: string): void {
    this.#checkpoints.expect(checkpoint, where);
  }

  /** One that somebody has kept outside the database. @param where how it is known */
  expectCopy(checkpoint: Checkpoint, where: string): void {
    this.#chain.copy(checkpoint);
    this.#checkpoints.expect(checkpoint, where);
  }

  /** The newest one, up to which entries are taken. @returns `undefined` when none of the keys has signed it */
  expectNewest(stored: StoredCheckpoint): Checkpoint | undefined {
    this.#newest = this.expectStored(stored);
    return this.#newest;
  }

  /** One that the database has. @returns `undefined` when none of the keys has signed it */
  expectStored({ note, epoch, size }: StoredCheckpoint): Checkpoint | undefined {
    const checkpoint = this.#open(note);
    if (checkpoint === undefined) this.#unsigned += 1;
    else {
      if (checkpoint.size !== size || !checkpoint.origin.endsWith(`/${epoch}`)) this.#misplaced += 1;
      this.#checkpoints.expect(checkpoint, 'in the database');
    }
    return checkpoint;
  }

  async take({ leaves, checkpoints }: Page): Promise<void> {
    for (const stored of checkpoints) {
      const checkpoint = this.expectStored(stored);
      if (checkpoint !== undefined) this.#chain.next(checkpoint);
    }
    for (const leaf of leaves) {
      await this.#compareNotes(leaf.index);
      await this.#leaf(leaf);
    }
  }

  /** @param refused what is kept of refused entries now */
  async finish(refused: RefusedCounts): Promise<void> {
    await this.#compareNotes(this.#next);
    this.#writers.finish();
    this.#refusals.finish(this.#notes.refused, refused, this.#next, !this.#dropped.isAny);
    this.#chain.finish(this.#newest);
    await this.#tiles.finish();
    await this.#hours.finish();
    this.#checkpoints.finish(this.#next);
    this.#streams.finish();
    this.#dropped.finish();
    if (this.#unsigned > 0)
      this.#report.among(0, this.#next, `${this.#unsigned} checkpoints are not signed by this key`);
    if (this.#misplaced > 0)
      this.#report.among(
        0,
        this.#next,
        `${this.#misplaced} checkpoints are of another size or epoch than they are kept under`,
      );
  }

  async #leaf({ index, stored, hash: tiled, ...rest }: LedgerLeaf): Promise<void> {
    if (index < this.#next) {
      this.#report.bad(index, 'there is another entry with this index');
      return;
    }
    this.#next = index + 1;
    if (stored === undefined) {
      this.#dropped.add(index);
      checkGone(this.#report, index, rest);
    } else await this.#entry(index, stored, rest);
    const hash = stored === undefined ? tiled : leafHash(stored.envelope);
    if (tiled === undefined) this.#report.bad(index, 'missing from the tiles');
    else if (hash?.equals(tiled) === false)
      this.#report.bad(index, 'changed: it has not the hash that the tree has');
    if (hash?.length === HASH_BYTES) await this.#grow(index, hash);
  }

  async #entry(
    index: number,
    stored: StoredEntry,
    { listed, subjects }: Pick<LedgerLeaf, 'listed' | 'subjects'>,
  ): Promise<void> {
    const envelope = readEnvelope(stored.envelope);
    if (envelope === undefined) {
      this.#report.bad(index, 'it is no entry');
      return;
    }
    await this.#streams.check(index, stored, envelope, this.#dropped.isAny);
    checkColumns(this.#report, index, stored, envelope);
    checkSubjects(this.#report, index, envelope, subjects);
    checkListed(this.#report, index, envelope, listed);
    this.#dropped.note(index, envelope);
    this.#refusals.note(index, envelope);
    if (listed !== undefined) this.#hours.note(index, listed.at);
    const { action, cites } = envelope;
    if (action === 'ledger.epoch_opened' && cites !== undefined && this.#tree.size === index)
      this.#checkpoints.cut(this.#tree, cites);
  }

  /** The tree as it is before the entry with this index is the one that the notes are about, if it has their size. */
  async #compareNotes(index: number): Promise<void> {
    const { head, writers } = this.#notes;
    if (this.#areNotesCompared || index !== head.size) return;
    this.#areNotesCompared = true;
    if (this.#tree.size === index && !this.#tree.root().equals(head.root))
      this.#report.among(0, index, `the head of the tree has not the root of its ${index} entries`);
    await this.#writers.compare(writers, index, this.#dropped.last);
  }

  /** Behind a hole there is no tree any more to be compared. */
  async #grow(index: number, hash: Buffer): Promise<void> {
    if (this.#tree.size !== index) return;
    const nodes = this.#tree.append(hash);
    await this.#tiles.take(nodes);
    this.#checkpoints.reach(this.#tree);
  }
}
