import { Failure } from '../../../kernel/errors.js';
import { cutPage } from '../../../platform/http/index.js';
import type { EntryKind } from './entry-kinds.js';
import { descending } from './entry-rules.js';

interface Orderable<T> {
  readonly id: string;
  readonly value: T | null;
}

/** Newest first; what does not open comes last. */
export function inOrder<T extends object, E extends Orderable<T>>(
  kind: EntryKind<T>,
  entries: readonly E[],
): readonly E[] {
  return entries.toSorted((a, b) => {
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
    return kind.compare(a.value, b.value) || descending(a.id, b.id);
  });
}

/** The last entry of a page. Dates are personal and have no place in a cursor: an id and where it stood do. */
export interface Position {
  readonly id: string;
  readonly at: number;
}

/** @throws Failure `invalid_cursor` */
export function readPosition([id, at]: readonly string[]): Position {
  if (id === undefined || at === undefined || !/^\d{1,4}$/.test(at)) throw new Failure('invalid_cursor');
  return { id, at: Number(at) };
}

/** The entries that follow a position. If the entry there has been deleted since, the next has moved into its place. */
export function pageAfter<E extends { readonly id: string }>(
  entries: readonly E[],
  limit: number,
  after: Position | undefined,
): { readonly items: readonly E[]; readonly next: Position | undefined } {
  const start = after === undefined ? 0 : startAfter(entries, after);
  const { items, last } = cutPage(entries.slice(start), limit);
  return { items, next: last && { id: last.id, at: start + items.length - 1 } };
}

function startAfter(entries: readonly { readonly id: string }[], { id, at }: Position): number {
  const found = entries.findIndex((entry) => entry.id === id);
  return found >= 0 ? found + 1 : at;
}
