import type { Clock } from '../../kernel/clock.js';
import { Frontier } from '../merkle/index.js';
import type { Admission } from './admission.js';
import type { CheckpointKey } from './checkpoint-key.js';
import { TreeDisagrees } from './disagreement.js';
import type { Examination } from './examination.js';
import { hashOf } from './staged-entry.js';
import type { StagingStore } from './staging-store.js';
import type { StateFile } from './state-file.js';
import type { TreeHead, TreeStore } from './tree-store.js';

const BATCH = 4_096;

/** Records what was refused or found missing, in the transaction in which it was. */
export type RaiseAlarms = (admission: Admission) => Promise<void>;

export interface TreeParts {
  readonly staging: StagingStore;
  readonly store: TreeStore;
  readonly examination: Examination;
  readonly state: StateFile;
  /** First line of the checkpoints, without the epoch. */
  readonly origin: string;
  readonly key: (name: string, isNewTree: boolean) => Promise<CheckpointKey>;
  readonly raiseAlarms: RaiseAlarms;
  readonly clock: Clock;
}

/** The tree as the elected sequencer holds it: takes batches, and signs only what continues its own state. */
export class Tree {
  readonly #parts: TreeParts;
  readonly #key: CheckpointKey;
  #head: TreeHead;
  #frontier: Frontier;
  #isKept = false;

  private constructor(parts: TreeParts, key: CheckpointKey, head: TreeHead, frontier: Frontier) {
    this.#parts = parts;
    this.#key = key;
    this.#head = head;
    this.#frontier = frontier;
  }

  /**
   * Compares the database with the state file. Ahead: what was committed before a crash is adopted, after every entry's
   * signature was checked and the root recomputed. Anything else is refused.
   * @throws TreeDisagrees
   */
  static async open(parts: TreeParts): Promise<Tree> {
    const { store, examination } = parts;
    const head = await store.head();
    const state = await parts.state.read();
    if (state === undefined && head.size > 0) throw new TreeDisagrees('state_file_missing');
    if (state !== undefined && state.epoch !== head.epoch) throw new TreeDisagrees('epoch_differs');
    const frontier = state === undefined ? Frontier.empty() : Frontier.restore(state.size, state.frontier);
    if (head.size < frontier.size) throw new TreeDisagrees('database_behind');
    if (state !== undefined && !frontier.root().equals(state.root))
      throw new TreeDisagrees('database_differs');
    const key = await parts.key(nameOf(parts, head), state === undefined);
    while (frontier.size < head.size) {
      const leaves = await store.leaves(frontier.size, Math.min(BATCH, head.size - frontier.size));
      if (leaves.length === 0) throw new TreeDisagrees('entries_missing');
      await examination.requireSigned(leaves);
      for (const { hash } of leaves) frontier.append(hash);
    }
    if (!frontier.root().equals(head.root)) throw new TreeDisagrees('database_differs');
    const tree = new Tree(parts, key, head, frontier);
    // Whatever a crash has cut short is done again: signing the same head twice gives the same checkpoint.
    await tree.#sign();
    return tree;
  }

  get size(): number {
    return this.#head.size;
  }

  /**
   * Moves what is staged into the tree and signs. A crash at any point loses nothing and repeats nothing.
   * @returns whether there was anything to do
   */
  async takeBatch(): Promise<boolean> {
    const { staging, store, examination, raiseAlarms } = this.#parts;
    await this.#keep();
    const rows = await staging.staged(BATCH);
    if (rows.length === 0) return false;
    const admission = await examination.admission(rows);
    const { admitted, refused } = admission;
    if (admitted.length + refused.length === 0) return false;
    const frontier = this.#frontier.copy();
    const nodes = admitted.flatMap((entry) => [...frontier.append(hashOf(entry))]);
    const next: TreeHead = { epoch: this.#head.epoch, size: frontier.size, root: frontier.root() };
    await store.transaction(async () => {
      if (refused.length > 0) await staging.quarantine(refused);
      if (admitted.length > 0) {
        await staging.unstage(admitted.map((entry) => entry.entryId));
        await staging.keepWriters([...admission.writers.values()]);
        await store.insert(this.#head.size, admitted);
        await store.growTiles(nodes);
        await store.moveHead(this.#head, next);
      }
      await raiseAlarms(admission);
    });
    this.#frontier = frontier;
    this.#head = next;
    if (admitted.length > 0) await this.#sign();
    return true;
  }

  /** First the state outside the database, then the signature, then the world. */
  async #sign(): Promise<void> {
    const { state, store, clock } = this.#parts;
    const { epoch, size, root } = this.#head;
    await state.write({ epoch, size, root, frontier: this.#frontier.hashes });
    const note = this.#key.sign({ origin: nameOf(this.#parts, this.#head), size, root });
    await store.publish(this.#head, note, clock.now());
    this.#isKept = false;
  }

  async #keep(): Promise<void> {
    if (!this.#isKept) this.#isKept = await this.#parts.store.keepCheckpoint(this.#parts.clock.now());
  }
}

const nameOf = ({ origin }: TreeParts, { epoch }: TreeHead): string => `${origin}/${epoch}`;
