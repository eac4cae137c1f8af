import { introducedWriter, isSignedBy, type KnownWriter, type StagedEntry } from './staged-entry.js';

/** How long a missing predecessor is waited for before its absence is recorded. */
export const GAP_PATIENCE_MS = 5_000;

export interface Gap {
  readonly writer: string;
  readonly from: number;
  readonly to: number;
}

export interface Admission {
  /** Into the tree, in this order. */
  readonly admitted: readonly StagedEntry[];
  /** Not signed by a writer that is known. */
  readonly forged: readonly StagedEntry[];
  readonly gaps: readonly Gap[];
}

/**
 * Decides which staged entries go into the tree now. Entries of a contiguous stream wait for their predecessors,
 * up to a limit; `writers` is brought up to date with what is admitted.
 */
export function admit(
  staged: readonly StagedEntry[],
  writers: Map<string, KnownWriter>,
  isTreeEmptyOf: (writer: string) => boolean,
  now: Date,
): Admission {
  const admitted: StagedEntry[] = [];
  const forged: StagedEntry[] = [];
  const gaps: Gap[] = [];
  const inOrder = staged.toSorted((a, b) =>
    a.writer === b.writer ? a.n - b.n : a.stagedAt.getTime() - b.stagedAt.getTime(),
  );
  for (const entry of byStream(inOrder)) {
    const introduced = introducedWriter(entry);
    if (introduced !== undefined && introduced.id === entry.writer && isTreeEmptyOf(entry.writer)) {
      writers.set(entry.writer, writers.get(entry.writer) ?? introduced.writer);
    }
    const writer = writers.get(entry.writer);
    const isLate = now.getTime() - entry.stagedAt.getTime() >= GAP_PATIENCE_MS;
    if (writer === undefined) {
      // The entry that introduces the writer may be a moment behind.
      if (isLate) forged.push(entry);
      continue;
    }
    if (!isSignedBy(entry, writer) || (writer.kind === 'reads' && entry.n <= writer.sequenced)) {
      forged.push(entry);
      continue;
    }
    if (writer.kind === 'reads' && entry.n > writer.sequenced + 1) {
      if (!isLate) continue;
      gaps.push({ writer: entry.writer, from: writer.sequenced + 1, to: entry.n - 1 });
    }
    writer.sequenced = Math.max(writer.sequenced, entry.n);
    admitted.push(entry);
    if (introduced !== undefined && introduced.id !== entry.writer)
      writers.set(introduced.id, introduced.writer);
  }
  return { admitted, forged, gaps };
}

/** Streams that introduce others come before those they introduce; within a stream the order is the writer's own. */
function byStream(entries: readonly StagedEntry[]): readonly StagedEntry[] {
  const introduces = (entry: StagedEntry): boolean => introducedWriter(entry) !== undefined;
  const first = new Set(entries.filter(introduces).map((entry) => entry.writer));
  return [
    ...entries.filter((entry) => first.has(entry.writer)),
    ...entries.filter((entry) => !first.has(entry.writer)),
  ];
}
