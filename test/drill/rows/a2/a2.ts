import { entriesSince } from '../../system/ledger.ts';
import { MINUTES_MS, operatorsToldAfter } from '../../system/told.ts';
import type { DrilledSystem } from '../../system/drilled-system.ts';
import type { DrillRow } from '../row.ts';
import { applicationsTaken } from './applications.ts';
import { budgetRaised } from './budget.ts';
import { credentialsPlanted } from './credentials.ts';
import { entryForged, historyByTheRole, historyByTheSuperuser } from './history.ts';
import { jobsPlanted } from './planted-jobs.ts';
import { everythingShown, rowsPlanted } from './planted-rows.ts';
import { keyMoved, type Scene, signIn, swapped } from './swaps.ts';
import { Writer } from './writer.ts';

export const a2: DrillRow = {
  id: 'A2',
  attacker: 'write access with the application’s database role',
  promise: 'nothing more is readable, nothing planted is honoured, history cannot be changed unseen',
  noticedWithinMs: MINUTES_MS,
  noticedBy: 'operators, who have the mail and the webhook',
  async play(system) {
    return inScene(system, async (scene) => {
      const since = new Date();
      const told = operatorsToldAfter(system, since, async () =>
        (await entriesSince(system, since, ['security_record.refused'])).map(({ id }) => id),
      );
      const attempts = [
        await everythingShown(scene),
        await swapped(scene),
        await keyMoved(scene),
        await rowsPlanted(scene),
        await jobsPlanted(scene),
        ...(await applicationsTaken(scene)),
        await budgetRaised(scene),
        ...(await credentialsPlanted(scene)),
        await historyByTheRole(scene),
        await entryForged(scene),
        ...(await historyByTheSuperuser(scene)),
      ];
      return { attempts, noticedAfterMs: await told, naming: null };
    });
  },
};

/** Has something done by whoever has the role, as one of two applicants to the second agency. */
export async function inScene<T>(system: DrilledSystem, work: (scene: Scene) => Promise<T>): Promise<T> {
  const [, agency] = system.population.agencies;
  const [thief, victim] = agency?.applicants.filter(({ isCanary }) => !isCanary) ?? [];
  if (agency === undefined || thief === undefined || victim === undefined)
    throw new Error('The second agency has two applicants.');
  const writer = await Writer.connect(system.database);
  try {
    return await work({ system, writer, thief, victim, agency, client: await signIn(system, thief) });
  } finally {
    await writer.end();
  }
}
