import type { SignedHeartbeat } from '../entry/heartbeat.js';
import { type Gap, type KnownWriter, PATIENCE_MS } from './admission.js';
import type { HeartbeatFolder } from './heartbeat-folder.js';
import type { TreeParts } from './tree-parts.js';

const EVERY_MS = 1_000;
/** A stream that has not been heard of for this long, and is in the tree as far as it was heard of, is forgotten. */
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;

type HeartbeatParts = Pick<TreeParts, 'staging' | 'store' | 'examination' | 'raiseAlarms' | 'clock'> & {
  readonly folder: HeartbeatFolder;
};

/** How far a stream has said to be, and since when we know. */
interface Behind {
  readonly n: number;
  readonly last: string;
  /** By this machine's running time. */
  readonly since: number;
}

interface Overdue {
  readonly known: KnownWriter | undefined;
  readonly gap: Gap;
  /** SHA-256 of the last entry that is missing, which the next one names. */
  readonly last: Buffer;
}

/** Finds entries that were acknowledged and are neither staged nor in the tree: the last of a stream above all. */
export class HeartbeatCheck {
  readonly #parts: HeartbeatParts;
  readonly #behind = new Map<string, Behind>();
  #checkedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
  }

  /** Once a second at the most. */
  async check(): Promise<void> {
    const now = performance.now();
    if (now - this.#checkedAt < EVERY_MS) return;
    this.#checkedAt = now;
    const { folder, examination, staging } = this.#parts;
    const heartbeats = await folder.read();
    const known = await examination.knownWriters(
      heartbeats.map(({ heartbeat }) => heartbeat.introduction.writer),
    );
    const overdue: Overdue[] = [];
    for (const signed of heartbeats) {
      const found = await this.#overdue(signed, known.get(signed.heartbeat.introduction.writer), now);
      if (found !== undefined) overdue.push(found);
    }
    const followed = await staging.staged(overdue.map(({ gap }) => gap));
    for (const found of overdue) if (!followed.has(found.gap.writer)) await this.#record(found);
  }

  async #overdue(
    signed: SignedHeartbeat,
    known: KnownWriter | undefined,
    now: number,
  ): Promise<Overdue | undefined> {
    const { introduction, n, last } = signed.heartbeat;
    const { writer } = introduction;
    if (!(await this.#parts.examination.isGenuine(signed, known))) return undefined;
    const sequenced = known?.sequenced ?? 0;
    if (sequenced >= n) {
      this.#behind.delete(writer);
      await this.#tidy(signed);
      return undefined;
    }
    const behind = this.#behind.get(writer);
    // One that goes on may be behind at any moment; only an entry that does not come is missing.
    if (behind === undefined || sequenced >= behind.n) {
      this.#behind.set(writer, { n, last, since: now });
      return undefined;
    }
    if (now - behind.since < PATIENCE_MS) return undefined;
    const gap = { writer, from: sequenced + 1, to: behind.n };
    return { known, gap, last: Buffer.from(behind.last, 'base64url') };
  }

  async #record({ known, gap, last }: Overdue): Promise<void> {
    const { store, staging, raiseAlarms, folder } = this.#parts;
    this.#behind.delete(gap.writer);
    await store.transaction(async () => {
      if (known !== undefined) await staging.keepWriters([{ ...known, sequenced: gap.to, last }]);
      await raiseAlarms({ gaps: [gap], refused: [] });
    });
    if (known === undefined) await folder.putAside(gap.writer);
  }

  async #tidy({ heartbeat: { at, closed, introduction } }: SignedHeartbeat): Promise<void> {
    const age = this.#parts.clock.now().getTime() - Date.parse(at);
    if (closed || age > FORGOTTEN_AFTER_MS) await this.#parts.folder.remove(introduction.writer);
  }
}
