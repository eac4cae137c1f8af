import type { EntityManager } from 'typeorm';
import type { Exchange } from '../../tools/client/exchange.ts';
import { Database } from '../../src/platform/database/database.js';
import { eventually } from './eventually.js';
import type { Sceau } from './sceau.js';

export type Act = () => Promise<Exchange>;
/** Locks something without changing it: whoever waits first for a row that has changed meanwhile has to begin again, behind others. */
export type Hold = (manager: EntityManager) => Promise<unknown>;

/** Has each come as far as what is held, or as one before it, in this order, and lets them go. */
export async function atOnce(sceau: Sceau, acts: readonly Act[], hold: Hold): Promise<readonly Exchange[]> {
  const under = await sceau.app.get(Database, { strict: false }).run({ kind: 'system' }, async (manager) => {
    await hold(manager);
    const answers: Promise<Exchange>[] = [];
    for (const act of acts) {
      answers.push(act());
      await eventually('one more to wait', () => areWaiting(sceau, answers.length));
    }
    return { answers };
  });
  return await Promise.all(under.answers);
}

/** Whether so many at least wait for a lock. */
export async function areWaiting({ database }: Sceau, count: number): Promise<true | undefined> {
  const [row] = await database.query<{ waiting: number }>(
    `SELECT count(*)::integer AS waiting FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return (row?.waiting ?? 0) >= count ? true : undefined;
}
