import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import type { AgencyId } from '../../kernel/ids.js';
import { Agencies, Clients } from '../../modules/agencies/index.js';
import { Vacancies } from '../../modules/vacancies/index.js';
import { Clock } from '../../kernel/clock.js';
import { Database } from '../../platform/database/database.js';
import { commandContext, withRooms } from '../rooms.js';
import { Demo } from './demo.js';
import { type DemoClient, registerDemoClient } from './demo-client.js';
import { comeInAsStaff, type DemoStaff } from './demo-staff.js';

/** Agencies that get a client of their own, so that each can be seen not to see the other's candidates. */
const CONNECTED_AGENCIES = 2;

export interface DemoCredentials {
  readonly agencies: readonly (DemoClient & { readonly name: string; readonly agencyId: AgencyId })[];
  readonly auditor: DemoStaff;
  readonly operator: DemoStaff;
}

/** Loads the demo into an empty database and leaves its credentials in `demo.json`, readable by their owner only. */
export async function loadDemo(report: (line: string) => void): Promise<void> {
  await withRooms(async (rooms, settings) => {
    const credentials = await createDemo(rooms, report);
    if (credentials === undefined) return;
    const path = join(settings.home, 'demo.json');
    const note =
      'For trying out only. Anyone who reads this file can act as these agencies and these members of staff.';
    await writeFile(path, `${JSON.stringify({ note, ...credentials }, null, 2)}\n`, { mode: 0o600 });
    report(`Demo credentials: ${path}`);
  });
}

/** @returns the credentials, or `undefined` when the database is not empty and nothing was done */
export async function createDemo(
  rooms: INestApplicationContext,
  report: (line: string) => void,
): Promise<DemoCredentials | undefined> {
  const demo = new Demo(
    rooms.get(Database, { strict: false }),
    rooms.get(Agencies, { strict: false }),
    rooms.get(Vacancies, { strict: false }),
    rooms.get(Clock, { strict: false }),
  );
  const loaded = await demo.load(commandContext('demo'));
  if (loaded === undefined) return undefined;
  report(`Demo loaded: ${loaded.agencies.length} agencies, ${loaded.vacancies} vacancies.`);
  const clients = rooms.get(Clients, { strict: false });
  const agencies = [];
  for (const agency of loaded.agencies.slice(0, CONNECTED_AGENCIES)) {
    const { clientId, privateKey } = await registerDemoClient(commandContext('demo'), clients, agency.id);
    agencies.push({ name: agency.name, agencyId: agency.id, clientId, privateKey });
  }
  const auditor = await comeInAsStaff(rooms, 'auditrice@sceau.localhost', 'auditor');
  const operator = await comeInAsStaff(rooms, 'exploitante@sceau.localhost', 'operator');
  return { agencies, auditor, operator };
}
