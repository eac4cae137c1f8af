import { Frontier } from '../merkle/index.js';
import type { Admission } from './admission.js';
import type { CheckpointKey } from './checkpoint-key.js';
import { TreeDisagrees } from './disagreement.js';
import { readRows } from './staged-entry.js';
import type { KeptCheckpoint, TreeState } from './state-file.js';
import type { TreeParts } from './tree-parts.js';
import type { TreeHead } from './tree-store.js';

/** Staged entries that are looked at, and go into one transaction, at once. */
const BATCH = 4_096;
/** As many again and again where none of those that were looked at can be taken, up to this. */
const LARGEST_BATCH = 65_536;

/** What is staged, and what of it goes into the tree. */
interface Examined {
  /** How many staged entries were looked at. */
  readonly rows: number;
  readonly admission: Admission;
}

/** The tree as the elected sequencer holds it: takes batches, and signs only what continues its own state. */
export class Tree {
  readonly #parts: TreeParts;
  readonly #key: CheckpointKey;
  #head: TreeHead;
  #frontier: Frontier;
  #window = BATCH;
  #ahead: Promise<Examined> | undefined;
  /** The newest checkpoint that is kept; each names the one before. */
  #kept: KeptCheckpoint | undefined;
  #isKept = false;

  private constructor(
    parts: TreeParts,
    key: CheckpointKey,
    head: TreeHead,
    frontier: Frontier,
    kept: KeptCheckpoint | undefined,
  ) {
    this.#parts = parts;
    this.#key = key;
    this.#head = head;
    this.#frontier = frontier;
    this.#kept = kept;
  }

  /**
   * Compares the database with the state file. Ahead: what was committed before a crash is adopted, after every entry's
   * signature was checked and the root recomputed. Anything else is refused.
   * @throws TreeDisagrees
   */
  static async open(parts: TreeParts): Promise<Tree> {
    const { store, keys } = parts;
    const head = await store.head();
    const state = (await parts.state.read()) ?? (await begin(parts, head));
    if (state.epoch !== head.epoch) throw new TreeDisagrees('epoch_differs');
    if (head.size < state.size) throw new TreeDisagrees('database_behind');
    // What is signed is first written to the state file, so a crash leaves one batch between them and no more.
    if (head.size > state.size + LARGEST_BATCH) throw new TreeDisagrees('database_ahead');
    const frontier = Frontier.restore(state.size, state.frontier);
    if (!frontier.root().equals(state.root)) throw new TreeDisagrees('database_differs');
    await adopt(parts, frontier, head);
    const key = await keys.load(nameOf(parts.origin, head.epoch));
    // What was kept just before a crash the state does not tell; what somebody has removed since the database does not.
    const kept = later(state.kept, await store.keptBefore(head));
    const tree = new Tree(parts, key, head, frontier, kept);
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
    const { staging, store, raiseAlarms } = this.#parts;
    await this.#keep();
    const { rows, admission } = await this.#next();
    if (rows === 0) return false;
    const { admitted, refused } = admission;
    const isStuck = admitted.length + refused.length === 0;
    // Those that wait must not stand in the way of what they wait for.
    this.#window = isStuck && rows === this.#window ? Math.min(this.#window * 2, LARGEST_BATCH) : BATCH;
    if (isStuck) return false;
    const frontier = this.#frontier.copy();
    const nodes = admitted.flatMap((entry) => [...frontier.append(entry.leaf)]);
    const next: TreeHead = { epoch: this.#head.epoch, size: frontier.size, root: frontier.root() };
    if (rows >= BATCH) this.#readOn(admission);
    await store.transaction(async () => {
      if (refused.length > 0) await staging.quarantine(refused);
      if (admitted.length > 0) {
        await staging.keepWriters([...admission.writers.values()]);
        await store.move(this.#head.size, admitted);
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

  /** What was examined ahead, or else what is there now. */
  async #next(): Promise<Examined> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    return (await ahead) ?? this.#examine();
  }

  /** Where much is waiting, the next rows are read and examined while the database works on these. */
  #readOn(taken: Admission): void {
    this.#ahead = this.#examine(taken);
    // Whoever takes the next batch hears of a fault; after the last one nobody does.
    this.#ahead.catch(() => undefined);
  }

  /** @param taken what is on its way into the tree */
  async #examine(taken?: Admission): Promise<Examined> {
    const { reading, examination } = this.#parts;
    const ids = [...(taken?.admitted ?? []), ...(taken?.refused ?? [])].map(({ entryId }) => entryId);
    const rows = await readRows(await reading.oldest(this.#window, ids));
    return { rows: rows.length, admission: await examination.admission(rows, taken?.writers) };
  }

  /** First the state outside the database, then the signature, then the world. */
  async #sign(): Promise<void> {
    const { state, store, clock, origin } = this.#parts;
    const { epoch, size, root } = this.#head;
    const kept = this.#kept;
    await state.write({ epoch, size, root, frontier: this.#frontier.hashes, kept });
    const previous = kept && { origin: nameOf(origin, kept.epoch), size: kept.size };
    const note = this.#key.sign({ origin: nameOf(origin, epoch), size, root, previous });
    await store.publish(this.#head, note, clock.now());
    this.#isKept = false;
  }

  async #keep(): Promise<void> {
    if (this.#isKept) return;
    this.#isKept = await this.#parts.store.keepCheckpoint(this.#parts.clock.now());
    if (this.#isKept) this.#kept = { epoch: this.#head.epoch, size: this.#head.size };
  }
}

/** A tree begins where there is neither an entry nor anything that was ever signed here. */
async function begin({ keys, state }: TreeParts, head: TreeHead): Promise<TreeState> {
  if (head.size > 0 || (await keys.isThere())) throw new TreeDisagrees('state_file_missing');
  const empty = Frontier.empty();
  const first = { epoch: head.epoch, size: 0, root: empty.root(), frontier: empty.hashes };
  // The key comes last: a key without a state is one whose state was lost.
  await state.write(first);
  await keys.create();
  return first;
}

async function adopt({ store, examination }: TreeParts, frontier: Frontier, head: TreeHead): Promise<void> {
  const missing = head.size - frontier.size;
  const leaves = missing === 0 ? [] : await store.leaves(frontier.size, missing);
  if (leaves.length !== missing) throw new TreeDisagrees('entries_missing');
  await examination.requireSigned(leaves);
  for (const { hash } of leaves) frontier.append(hash);
  if (!frontier.root().equals(head.root)) throw new TreeDisagrees('database_differs');
}

function later(a: KeptCheckpoint | undefined, b: KeptCheckpoint | undefined): KeptCheckpoint | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.size > b.size) ? a : b;
}

export const nameOf = (origin: string, epoch: number): string => `${origin}/${epoch}`;
