import type { ContainmentStep } from './containment/plan.js';

/** What operators order about an incident. */
export type Measure = ContainmentStep | 'notification';

/** Times are RFC 3339. */
export interface Order {
  /** The last time. */
  readonly orderedAt: string;
  /** How often. */
  readonly times: number;
  /** When it was seen through; `null` while it is not, or was ordered again since. */
  readonly doneAt: string | null;
}

export type Orders = Readonly<Partial<Record<Measure, Order>>>;

/** With these ordered, once more where they were before. */
export function withOrdered(orders: Orders, measures: readonly Measure[], now: Date): Orders {
  const ordered = measures.map((measure) => {
    const times = (orders[measure]?.times ?? 0) + 1;
    return [measure, { orderedAt: now.toISOString(), times, doneAt: null }] as const;
  });
  return { ...orders, ...Object.fromEntries(ordered) };
}

/** With these seen through. @param begun as they were then: what was ordered again since is left to be done */
export function withDone(orders: Orders, begun: Orders, measures: readonly Measure[], now: Date): Orders {
  const done = measures.flatMap((measure) => {
    const order = orders[measure];
    if (order === undefined || order.times !== begun[measure]?.times) return [];
    return [[measure, { ...order, doneAt: now.toISOString() }] as const];
  });
  return { ...orders, ...Object.fromEntries(done) };
}

/** Which of these are ordered and not seen through. */
export const pendingOf = <M extends Measure>(orders: Orders, measures: readonly M[]): readonly M[] =>
  measures.filter((measure) => orders[measure]?.doneAt === null);
