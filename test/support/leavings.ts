import { type AgencyId, newId } from '../../src/kernel/ids.js';
import { Budgets } from '../../src/modules/agencies/index.js';
import { AlertCursors } from '../../src/modules/alerts/alert-cursors.js';
import { PLANTING } from '../../src/modules/canaries/persistence/places.js';
import { INSTALLATION, Sealer } from '../../src/sealing/index.js';
import { systemContext } from './actors.js';
import type { Sceau } from './sceau.js';

/** How far operators would have been told. */
export async function leaveAlertCursor({ app }: Sceau): Promise<void> {
  for (const way of ['mail', 'webhook'] as const)
    await app.get(AlertCursors, { strict: false }).write(way, 0);
}

/** Mails were given up, and operators told of all of them. */
export async function leaveMailsToldOf({ database }: Sceau): Promise<void> {
  await database.query('INSERT INTO platform.undeliverable_mail (count, told_at) VALUES (0, now())');
}

/** A budget that an operator has set, and a limit that was nearly spent, of which nobody need be told again. */
export async function leaveBudget({ app, database, clock }: Sceau, agencyId: AgencyId): Promise<void> {
  const until = new Date(clock.now().getTime() + 90 * 24 * 3_600_000);
  const order = { limits: { month: 300 }, until };
  await app.get(Budgets, { strict: false }).set(systemContext(), agencyId, order);
  await database.query(
    `INSERT INTO disclosure.warned (agency_id, reach, period, hour, allowed)
     VALUES ($1, 'interview', 'month', date_trunc('hour', now(), 'UTC') - interval '29 days', 0)`,
    [agencyId],
  );
}

/** An erasure of somebody who is gone already, and whose tie nobody cuts. */
export async function leaveErasureWaiting({ database, clock }: Sceau): Promise<void> {
  const now = clock.now();
  await database.query(
    `INSERT INTO privacy.erasure (id, candidate_id, cause, asked_at, emptied_at, tie_until)
     VALUES ($1, $2, 'candidate', $3, $3, 'infinity')`,
    [newId<'erasure'>(now.getTime()), newId<'candidate'>(now.getTime()), now],
  );
}

/** Two canaries whose moment does not come. */
export async function leaveCanariesWaiting({ app, clock, database }: Sceau): Promise<void> {
  const sealer = app.get(Sealer, { strict: false });
  for (const name of ['une', 'deux']) {
    const id = newId<'planting'>(clock.now().getTime());
    const content = await sealer.seal(
      PLANTING,
      { subject: INSTALLATION, row: id },
      {
        vacancyId: newId<'vacancy'>(clock.now().getTime()),
        person: {
          email: `leurre.${name}@example.fr`,
          address: '192.0.2.1',
          profile: {},
          education: [],
          experience: [],
          languages: [],
          motivation: 'Personne ne l’écrira.',
          answers: [],
        },
        due: '9999-12-31T00:00:00.000Z',
        longestPause: 0,
      },
    );
    await database.query(
      'INSERT INTO canaries.planting (id, content, attempt, held_until) VALUES ($1, $2, 0, NULL)',
      [id, content],
    );
  }
}
