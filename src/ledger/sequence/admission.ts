import type { Introduction } from '../entry/entry.js';
import type { StagedEntry } from './staged-entry.js';

/** How long a missing predecessor, or a writer's introduction, is waited for before its absence is recorded. */
export const PATIENCE_MS = 5_000;

/** What the sequencer knows of a writer: its key and how far its entries are in the tree. */
export interface KnownWriter {
  readonly introduction: Introduction;
  /** Highest number in the tree. */
  readonly sequenced: number;
  /** SHA-256 of the bytes of the entry with that number. */
  readonly last: Buffer | undefined;
}

export interface Gap {
  readonly writer: string;
  readonly from: number;
  readonly to: number;
}

/** `unreadable` and `replayed` are found before a stream is looked at. */
export type Objection = 'unreadable' | 'replayed' | 'unknown_writer' | 'wrong_signature' | 'wrong_order';

export interface Refusal {
  readonly entryId: string;
  readonly writer: string;
  readonly objection: Objection;
}

export interface Admission {
  /** Into the tree, in this order: by time, and within a stream by number. */
  readonly admitted: readonly StagedEntry[];
  readonly refused: readonly Refusal[];
  readonly gaps: readonly Gap[];
  /** The writers of what is admitted, brought up to date. */
  readonly writers: ReadonlyMap<string, KnownWriter>;
}

/** What has been found out about the entries before they are put in order. */
export interface Evidence {
  /** The writers in the tree already. */
  readonly known: ReadonlyMap<string, KnownWriter>;
  /** Entries that introduce a writer and bear our mark. */
  readonly genuine: ReadonlySet<StagedEntry>;
  /** Entries that their writer has signed. */
  readonly signed: ReadonlySet<StagedEntry>;
  /** Writers whose missing entries are staged all the same and merely not among these: they are waited for. */
  readonly followed: ReadonlySet<string>;
}

type Verdict = 'admit' | 'wait' | Extract<Objection, 'unknown_writer' | 'wrong_signature' | 'wrong_order'>;

/**
 * Decides which staged entries go into the tree now. Entries of a contiguous stream wait for their predecessors,
 * up to a limit; whatever no writer of ours has signed is refused.
 */
export function admit(staged: readonly StagedEntry[], evidence: Evidence): Admission {
  const writers = new Map(evidence.known);
  const changed = new Map<string, KnownWriter>();
  const admitted: StagedEntry[] = [];
  const refused: Refusal[] = [];
  const gaps: Gap[] = [];
  const streams = [...Map.groupBy(staged, ({ writer }) => writer).values()].map((entries) =>
    entries.toSorted((a, b) => b.n - a.n),
  );

  const settle = (writer: KnownWriter): void => {
    writers.set(writer.introduction.writer, writer);
    changed.set(writer.introduction.writer, writer);
  };
  const introduce = (entry: StagedEntry): void => {
    const { introduces } = entry.envelope;
    if (introduces === undefined || !evidence.genuine.has(entry) || writers.has(introduces.writer)) return;
    settle({ introduction: introduces, sequenced: 0, last: undefined });
  };
  const take = (entry: StagedEntry): Verdict => {
    if (entry.n === 1 && entry.envelope.introduces?.writer === entry.writer) introduce(entry);
    const writer = writers.get(entry.writer);
    const verdict = judge(entry, writer, evidence);
    if (verdict !== 'admit' || writer === undefined) return verdict;
    if (isContiguous(writer) && entry.n > writer.sequenced + 1)
      gaps.push({ writer: entry.writer, from: writer.sequenced + 1, to: entry.n - 1 });
    settle({ ...writer, sequenced: Math.max(writer.sequenced, entry.n), last: entry.digest });
    introduce(entry);
    admitted.push(entry);
    return verdict;
  };

  // One stream may introduce another, so what waits is looked at again as long as something is admitted.
  for (let isMoving = true; isMoving;) {
    isMoving = false;
    const waiting = new Set<StagedEntry[]>();
    for (let stream = earliest(streams, waiting); stream !== undefined; stream = earliest(streams, waiting)) {
      const entry = stream.at(-1);
      if (entry === undefined) break;
      const verdict = take(entry);
      if (verdict === 'wait') {
        waiting.add(stream);
        continue;
      }
      stream.pop();
      if (verdict === 'admit') isMoving = true;
      else refused.push({ entryId: entry.entryId, writer: entry.writer, objection: verdict });
    }
  }
  return { admitted, refused, gaps, writers: changed };
}

const isContiguous = ({ introduction }: KnownWriter): boolean => introduction.stream === 'reads';

function judge(entry: StagedEntry, writer: KnownWriter | undefined, { signed, followed }: Evidence): Verdict {
  const isLate = entry.waitedMs >= PATIENCE_MS;
  if (writer === undefined) return isLate ? 'unknown_writer' : 'wait';
  if (!signed.has(entry)) return 'wrong_signature';
  if (!isContiguous(writer)) return 'admit';
  if (entry.n <= writer.sequenced) return 'wrong_order';
  if (entry.n > writer.sequenced + 1) return isLate && !followed.has(entry.writer) ? 'admit' : 'wait';
  return entry.previous === writer.last?.toString('base64url') ? 'admit' : 'wrong_order';
}

/** The stream whose next entry is the oldest; entry ids are UUIDv7 and sort by time. */
function earliest(
  streams: readonly StagedEntry[][],
  waiting: ReadonlySet<StagedEntry[]>,
): StagedEntry[] | undefined {
  let found: StagedEntry[] | undefined;
  let id: string | undefined;
  for (const stream of streams) {
    const next = waiting.has(stream) ? undefined : stream.at(-1);
    if (next !== undefined && (id === undefined || next.entryId < id)) {
      found = stream;
      id = next.entryId;
    }
  }
  return found;
}
