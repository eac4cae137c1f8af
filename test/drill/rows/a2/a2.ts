import { noticedAfter } from '../../system/ledger.ts';
import type { DrillRow } from '../row.ts';
import { applicationsTaken } from './applications.ts';
import { budgetRaised } from './budget.ts';
import { credentialsPlanted } from './credentials.ts';
import { historyByTheRole, historyByTheSuperuser } from './history.ts';
import { everythingShown, rowsPlanted } from './planted-rows.ts';
import { keyMoved, signIn, swapped } from './swaps.ts';
import { Writer } from './writer.ts';

export const a2: DrillRow = {
  id: 'A2',
  attacker: 'write access with the application’s database role',
  promise: 'nothing more is readable, nothing planted is honoured, history cannot be changed unseen',
  noticedWithinMs: 60_000,
  async play(system) {
    const [, agency] = system.population.agencies;
    const [thief, victim] = agency?.applicants.filter(({ isCanary }) => !isCanary) ?? [];
    if (agency === undefined || thief === undefined || victim === undefined)
      throw new Error('The second agency has two applicants.');
    const writer = await Writer.connect(system.database);
    try {
      const scene = { system, writer, thief, victim, agency, client: await signIn(system, thief) };
      const since = new Date();
      const attempts = [
        await everythingShown(scene),
        await swapped(scene),
        await keyMoved(scene),
        await rowsPlanted(scene),
        ...(await applicationsTaken(scene)),
        await budgetRaised(scene),
        ...(await credentialsPlanted(scene)),
        await historyByTheRole(scene),
        ...(await historyByTheSuperuser(scene)),
      ];
      const alerts = ['security_record.refused', 'candidate.profile_read'];
      const noticedAfterMs = await noticedAfter(
        system,
        since,
        alerts,
        ({ outcome }) => outcome !== 'allowed',
      );
      return { attempts, noticedAfterMs, naming: null };
    } finally {
      await writer.end();
    }
  },
};
