import type { Introduction } from '../entry/entry.js';
import type { OriginHasher } from '../entry/origin-hasher.js';
import { writerMark } from '../entry/writer-mark.js';
import { leafHash } from '../merkle/index.js';
import { admit, type Admission, type KnownWriter, type Refusal } from './admission.js';
import { TreeDisagrees } from './disagreement.js';
import { isSignedBy, readStaged, type StagedEntry, type StagedRow } from './staged-entry.js';
import type { StagingStore } from './staging-store.js';
import type { SignedLeaf } from './tree-store.js';

/** Tells what a writer of ours has written from what somebody with access to the database has. */
export class Examination {
  readonly #store: StagingStore;
  readonly #hasher: OriginHasher;

  constructor(store: StagingStore, hasher: OriginHasher) {
    this.#store = store;
    this.#hasher = hasher;
  }

  /** What of these rows goes into the tree, and what does not. */
  async admission(rows: readonly StagedRow[]): Promise<Admission> {
    const [sequenced, known] = await Promise.all([
      this.#store.sequenced(rows.map((row) => row.entry_id)),
      this.#knownWriters(rows.map((row) => row.writer)),
    ]);
    const fresh: StagedEntry[] = [];
    const refused: Refusal[] = [];
    const genuine = new Set<StagedEntry>();
    for (const row of rows) {
      const entry = readStaged(row);
      const objection = sequenced.has(row.entry_id) ? 'replayed' : 'unreadable';
      if (entry === undefined || objection === 'replayed') {
        refused.push({ entryId: row.entry_id, writer: row.writer, objection });
        continue;
      }
      fresh.push(entry);
      const { introduces } = entry.envelope;
      if (introduces !== undefined && (await this.#isOurs(introduces))) genuine.add(entry);
    }
    const admission = admit(fresh, known, genuine);
    return { ...admission, refused: [...refused, ...admission.refused] };
  }

  /**
   * Leaves that the database has and the state file has not yet: adopted only if writers of ours have signed them.
   * @throws TreeDisagrees
   */
  async requireSigned(leaves: readonly SignedLeaf[]): Promise<void> {
    const writers = await this.#knownWriters(leaves.map((leaf) => leaf.writer));
    for (const { envelope, hash, writer, signature } of leaves) {
      const key = writers.get(writer)?.introduction.key;
      if (key === undefined || !hash.equals(leafHash(envelope)) || !isSignedBy(envelope, signature, key))
        throw new TreeDisagrees('entry_not_signed');
    }
  }

  async #knownWriters(ids: readonly string[]): Promise<ReadonlyMap<string, KnownWriter>> {
    const found = await this.#store.writers(ids);
    const ours = new Map<string, KnownWriter>();
    for (const writer of found) {
      if (await this.#isOurs(writer.introduction)) ours.set(writer.introduction.writer, writer);
    }
    return ours;
  }

  async #isOurs({ mark, ...writer }: Introduction): Promise<boolean> {
    return mark === (await writerMark(this.#hasher, writer));
  }
}
