import type { Introduction } from '../entry/entry.js';
import { readEnvelope } from '../entry/envelope-reader.js';
import type { SignedHeartbeat } from '../entry/heartbeat.js';
import type { OriginHasher } from '../entry/origin-hasher.js';
import { writerMark } from '../entry/writer-mark.js';
import { leafHash } from '../merkle/index.js';
import { admit, type Admission, type Evidence, type KnownWriter, type Refusal } from './admission.js';
import { TreeDisagrees } from './disagreement.js';
import { isSignedBy, SignatureCheck, signedBy } from './signatures.js';
import type { ReadRow, StagedEntry } from './staged-entry.js';
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

  /**
   * What of these rows goes into the tree, and what does not.
   * @param ahead writers as the batch that is on its way leaves them
   */
  async admission(
    rows: readonly ReadRow[],
    ahead: ReadonlyMap<string, KnownWriter> = new Map(),
  ): Promise<Admission> {
    const [sequenced, stored] = await Promise.all([
      this.#store.sequenced(rows.map(({ row }) => row.entry_id)),
      this.knownWriters(rows.map(({ row }) => row.writer)),
    ]);
    const known = new Map([...stored, ...ahead]);
    const fresh: StagedEntry[] = [];
    const refused: Refusal[] = [];
    for (const { row, entry } of rows) {
      const isReplayed = sequenced.has(row.entry_id);
      if (entry !== undefined && !isReplayed) fresh.push(entry);
      else
        refused.push({
          entryId: row.entry_id,
          writer: row.writer,
          objection: isReplayed ? 'replayed' : 'unreadable',
        });
    }
    const genuine = await this.#genuine(fresh);
    const signed = await this.#signed(fresh, known, genuine);
    const evidence: Evidence = { known, genuine, signed, followed: new Set() };
    let admission = admit(fresh, evidence);
    // What seems to be missing may be staged and merely not among these rows: it is waited for, and no gap.
    const followed = await this.#store.staged(admission.gaps);
    if (followed.size > 0) admission = admit(fresh, { ...evidence, followed });
    return { ...admission, refused: [...refused, ...admission.refused] };
  }

  /**
   * Leaves that the database has and the state file has not yet: adopted only if writers of ours have signed them, and
   * none is missing from a contiguous stream between them, nor is in the tree before.
   * @throws TreeDisagrees
   */
  async requireSigned(leaves: readonly SignedLeaf[]): Promise<void> {
    const writers = await this.knownWriters(leaves.map((leaf) => leaf.writer));
    const places = new Map<string, number>();
    const signatures = new SignatureCheck();
    for (const { envelope, hash, writer: id, n, signature, listed } of leaves) {
      const writer = writers.get(id)?.introduction;
      if (writer === undefined || !hash.equals(leafHash(envelope)))
        throw new TreeDisagrees('entry_not_signed');
      if (!signatures.isSigned(writer, envelope, signature)) throw new TreeDisagrees('entry_not_signed');
      if (readEnvelope(envelope)?.id !== listed) throw new TreeDisagrees('database_differs');
      const before = places.get(id);
      if (writer.stream === 'reads' && before !== undefined && n !== before + 1)
        throw new TreeDisagrees('entries_missing');
      places.set(id, n);
    }
  }

  /** Whether a writer of ours has sent this, and how far its entries are in the tree; of its key, if we know better. */
  async isGenuine(
    { heartbeat, bytes, signature }: SignedHeartbeat,
    known: KnownWriter | undefined,
  ): Promise<boolean> {
    const { introduction } = heartbeat;
    if (
      known === undefined ? !(await this.#isOurs(introduction)) : known.introduction.key !== introduction.key
    )
      return false;
    return isSignedBy(bytes, signature, introduction.key);
  }

  async knownWriters(ids: readonly string[]): Promise<ReadonlyMap<string, KnownWriter>> {
    const found = await this.#store.writers(ids);
    const ours = new Map<string, KnownWriter>();
    for (const writer of found) {
      if (await this.#isOurs(writer.introduction)) ours.set(writer.introduction.writer, writer);
    }
    return ours;
  }

  async #genuine(entries: readonly StagedEntry[]): Promise<ReadonlySet<StagedEntry>> {
    const genuine = new Set<StagedEntry>();
    for (const entry of entries) {
      const { introduces } = entry.envelope;
      if (introduces !== undefined && (await this.#isOurs(introduces))) genuine.add(entry);
    }
    return genuine;
  }

  async #signed(
    entries: readonly StagedEntry[],
    known: ReadonlyMap<string, KnownWriter>,
    genuine: ReadonlySet<StagedEntry>,
  ): Promise<ReadonlySet<StagedEntry>> {
    const introduced = [...genuine].flatMap(({ envelope: { introduces } }) => introduces ?? []);
    const introductions = new Map(introduced.map((introduction) => [introduction.writer, introduction]));
    const streams = [...Map.groupBy(entries, ({ writer }) => writer)].map(async ([id, stream]) => {
      const introduction = known.get(id)?.introduction ?? introductions.get(id);
      return introduction === undefined ? [] : [...(await signedBy(stream, introduction))];
    });
    return new Set((await Promise.all(streams)).flat());
  }

  async #isOurs({ mark, ...writer }: Introduction): Promise<boolean> {
    return mark === (await writerMark(this.#hasher, writer));
  }
}
