import type { INestApplicationContext } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { RequestContext, SystemActor } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import type { AgencyId, VacancyId } from '../../kernel/ids.js';
import { Randomness } from '../../kernel/randomness.js';
import { SandboxApplications } from '../../modules/applications/index.js';
import { SandboxVacancies, Vacancies } from '../../modules/vacancies/index.js';
import type { Report } from '../../sealing/index.js';
import { type AppliedFor, syntheticApplication } from './synthetic-application.js';
import { SANDBOX_VACANCIES } from './vacancies.js';

interface Target extends AppliedFor {
  readonly id: VacancyId;
}

const DAY_MS = 24 * 3_600_000;

/**
 * Synthetic applications for a sandbox's open vacancies in turn, which are made up too when there are none.
 * @throws Failure `not_found` for what is no sandbox
 */
export async function fillSandbox(
  rooms: INestApplicationContext,
  context: RequestContext<SystemActor>,
  agency: AgencyId,
  applications: number,
  report: Report,
): Promise<void> {
  // A big library, and no other command has a use for it.
  const { faker } = await import('@faker-js/faker/locale/fr');
  faker.seed(rooms.get(Randomness, { strict: false }).bytes(4).readUInt32BE());
  const clock = rooms.get(Clock, { strict: false });
  const sandbox = rooms.get(SandboxApplications, { strict: false });
  const targets = await openVacancies(rooms, context, agency);
  report(0, applications);
  for (let done = 0; done < applications; done += 1) {
    const target = targets[done % targets.length];
    if (target === undefined) throw new Failure('vacancy_not_open');
    await sandbox.submit(context, target.id, syntheticApplication(faker, clock.now(), target));
    report(done + 1, applications);
  }
}

async function openVacancies(
  rooms: INestApplicationContext,
  context: RequestContext<SystemActor>,
  agency: AgencyId,
): Promise<readonly Target[]> {
  const open = await rooms.get(SandboxVacancies, { strict: false }).open(context, agency);
  if (open.length > 0) return open;
  const vacancies = rooms.get(Vacancies, { strict: false });
  const now = rooms.get(Clock, { strict: false }).now();
  const made: Target[] = [];
  for (const { openDays, ...content } of SANDBOX_VACANCIES) {
    const deadline = new Date(now.getTime() + openDays * DAY_MS);
    made.push(await vacancies.createPublished(context, agency, { ...content, deadline }));
  }
  return made;
}
