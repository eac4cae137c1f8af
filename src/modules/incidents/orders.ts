import type { ContainmentStep } from './containment/plan.js';

/** What operators order about an incident. */
export type Measure = ContainmentStep | 'notification';

/** Times are RFC 3339. */
export interface Order {
  /** The first time; of what was ordered before this was noted, nothing but the last is known. */
  readonly firstOrderedAt?: string;
  /** The last time. */
  readonly orderedAt: string;
  /** How often. */
  readonly times: number;
  /** When it was seen through; `null` while it is not, or was ordered again since. */
  readonly doneAt: string | null;
  /** When it was seen through for the first time, however often it was ordered again since. */
  readonly firstDoneAt?: string;
}

export type Orders = Readonly<Partial<Record<Measure, Order>>>;

/** With these ordered, once more where they were before. */
export function withOrdered(orders: Orders, measures: readonly Measure[], now: Date): Orders {
  const ordered = measures.map((measure) => {
    const before = orders[measure];
    const orderedAt = now.toISOString();
    const firstOrderedAt = before?.firstOrderedAt ?? before?.orderedAt ?? orderedAt;
    const times = (before?.times ?? 0) + 1;
    return [measure, { firstOrderedAt, orderedAt, times, doneAt: null, ...firstDone(before) }] as const;
  });
  return { ...orders, ...Object.fromEntries(ordered) };
}

/** With these seen through. @param begun as they were then: what was ordered again since is left to be done */
export function withDone(orders: Orders, begun: Orders, measures: readonly Measure[], now: Date): Orders {
  const done = measures.flatMap((measure) => {
    const order = orders[measure];
    if (order === undefined || order.times !== begun[measure]?.times) return [];
    const doneAt = now.toISOString();
    return [[measure, { ...order, doneAt, firstDoneAt: order.firstDoneAt ?? doneAt }] as const];
  });
  return { ...orders, ...Object.fromEntries(done) };
}

function firstDone(order: Order | undefined): Pick<Order, 'firstDoneAt'> {
  const firstDoneAt = order?.firstDoneAt ?? order?.doneAt ?? undefined;
  return firstDoneAt === undefined ? {} : { firstDoneAt };
}

/** Which of these are ordered and not seen through. */
export const pendingOf = <M extends Measure>(orders: Orders, measures: readonly M[]): readonly M[] =>
  measures.filter((measure) => orders[measure]?.doneAt === null);
