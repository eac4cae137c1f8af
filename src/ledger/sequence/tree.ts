import type { Clock } from '../../kernel/clock.js';
import { type FinishedNode, Frontier, type Checkpoint } from '../merkle/index.js';
import { admit, type Gap } from './admission.js';
import type { CheckpointKey } from './checkpoint-key.js';
import { hashOf, readStaged, type StagedEntry } from './staged-entry.js';
import { readTreeState, writeTreeState } from './state-file.js';
import type { TreeHead, TreeStore } from './tree-store.js';

const BATCH = 4_096;

/** The database does not continue the tree that was signed from here: rolled back, restored or rewritten. */
export class TreeDisagrees extends Error {
  override readonly name = 'TreeDisagrees';
}

export interface Batch {
  readonly sequenced: number;
  readonly forged: readonly string[];
  readonly gaps: readonly Gap[];
}

/** The tree as the elected sequencer holds it: takes batches, and signs only what continues its own state. */
export class Tree {
  readonly #store: TreeStore;
  readonly #directory: string;
  readonly #origin: string;
  readonly #key: CheckpointKey;
  readonly #clock: Clock;
  #head: TreeHead;
  #frontier: Frontier;

  private constructor(parts: TreeParts, head: TreeHead, frontier: Frontier) {
    this.#store = parts.store;
    this.#directory = parts.directory;
    this.#origin = parts.origin;
    this.#key = parts.key;
    this.#clock = parts.clock;
    this.#head = head;
    this.#frontier = frontier;
  }

  /**
   * Compares the database with the state file. Ahead: what was committed before a crash is adopted after its root
   * has been recomputed. Anything else is refused.
   * @throws TreeDisagrees
   */
  static async open(parts: TreeParts): Promise<Tree> {
    const head = await parts.store.head();
    const state = await readTreeState(parts.directory);
    const frontier = state === undefined ? Frontier.empty() : Frontier.restore(state.size, state.frontier);
    if (state !== undefined && state.epoch !== head.epoch)
      throw new TreeDisagrees('The epoch is another one.');
    if (head.size < frontier.size)
      throw new TreeDisagrees('The database has fewer entries than were signed.');
    while (frontier.size < head.size) {
      const hashes = await parts.store.leafHashes(frontier.size, Math.min(BATCH, head.size - frontier.size));
      if (hashes.length === 0) throw new TreeDisagrees('Entries are missing.');
      for (const hash of hashes) frontier.append(hash);
    }
    if (!frontier.root().equals(head.root)) throw new TreeDisagrees('The entries give another root.');
    const tree = new Tree(parts, head, frontier);
    if (state === undefined || state.size !== head.size) await tree.#sign();
    return tree;
  }

  get size(): number {
    return this.#head.size;
  }

  /** Moves what is staged into the tree and signs. A crash at any point loses nothing and repeats nothing. */
  async takeBatch(): Promise<Batch> {
    const rows = await this.#store.staged(BATCH);
    if (rows.length === 0) return { sequenced: 0, forged: [], gaps: [] };
    const readable = rows.map(readStaged).filter((entry) => entry !== undefined);
    const readableIds = new Set(readable.map((entry) => entry.entryId));
    const writers = await this.#store.writers(readable.map((entry) => entry.writer));
    const registered = new Set(writers.keys());
    const { admitted, forged, gaps } = admit(
      readable,
      writers,
      (id) => !registered.has(id),
      this.#clock.now(),
    );
    const refused = new Set([
      ...forged.map((entry) => entry.entryId),
      ...rows.filter((row) => !readableIds.has(row.entry_id)).map((row) => row.entry_id),
    ]);
    const frontier = this.#frontier.copy();
    const nodes: FinishedNode[] = admitted.flatMap((entry) => [...frontier.append(hashOf(entry))]);
    const next: TreeHead = { epoch: this.#head.epoch, size: frontier.size, root: frontier.root() };
    await this.#store.transaction(async () => {
      if (refused.size > 0) await this.#store.quarantine(rows.filter((row) => refused.has(row.entry_id)));
      if (admitted.length > 0) await this.#insert(admitted, nodes, next);
      await this.#store.keepWriters(writers);
    });
    this.#frontier = frontier;
    this.#head = next;
    if (admitted.length > 0) await this.#sign();
    return { sequenced: admitted.length, forged: [...refused], gaps };
  }

  async #insert(
    admitted: readonly StagedEntry[],
    nodes: readonly FinishedNode[],
    next: TreeHead,
  ): Promise<void> {
    await this.#store.openMonths(admitted.map((entry) => new Date(entry.envelope.at)));
    await this.#store.unstage(admitted.map((entry) => entry.entryId));
    await this.#store.insert(this.#head.size, admitted);
    await this.#store.growTiles(nodes);
    await this.#store.moveHead(this.#head, next);
  }

  /** First the state outside the database, then the signature, then the world. */
  async #sign(): Promise<void> {
    const { epoch, size, root } = this.#head;
    await writeTreeState(this.#directory, { epoch, size, root, frontier: this.#frontier.hashes });
    const checkpoint: Checkpoint = { origin: `${this.#origin}/${epoch}`, size, root };
    await this.#store.publish(this.#head, this.#key.sign(checkpoint), this.#clock.now());
  }
}

export interface TreeParts {
  readonly store: TreeStore;
  readonly directory: string;
  readonly origin: string;
  readonly key: CheckpointKey;
  readonly clock: Clock;
}
