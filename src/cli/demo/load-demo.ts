import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { AgencyScope } from '../../kernel/context.js';
import type { AgencyId } from '../../kernel/ids.js';
import { Clients } from '../../modules/agencies/index.js';
import { Staff } from '../../modules/identity/index.js';
import { commandContext, withRooms } from '../rooms.js';
import { Demo } from './demo.js';

const SCOPES: readonly AgencyScope[] = [
  'vacancies:read',
  'vacancies:write',
  'applications:read',
  'applications:decide',
  'webhooks:manage',
  'usage:read',
];

/** Loads the demo into an empty database and leaves its credentials in `demo.json`, readable by their owner only. */
export async function loadDemo(report: (line: string) => void): Promise<void> {
  await withRooms(async (rooms, settings) => {
    const loaded = await rooms.get(Demo, { strict: false }).load(commandContext('demo'));
    if (loaded === undefined) return;
    report(`Demo loaded: ${loaded.agencies.length} agencies, ${loaded.vacancies} vacancies.`);
    const clients = rooms.get(Clients, { strict: false });
    const agencies = [];
    for (const agency of loaded.agencies.slice(0, 2)) {
      agencies.push({ name: agency.name, agencyId: agency.id, ...(await demoClient(clients, agency.id)) });
    }
    const auditor = await rooms
      .get(Staff, { strict: false })
      .create(commandContext('demo'), { email: 'auditrice@sceau.localhost', role: 'auditor', locale: 'fr' });
    const path = join(settings.home, 'demo.json');
    const note =
      'For trying out only. Anyone who reads this file can act as these agencies and as this auditor.';
    await writeFile(path, `${JSON.stringify({ note, agencies, auditor }, null, 2)}\n`, { mode: 0o600 });
    report(`Demo credentials: ${path}`);
  });
}

async function demoClient(
  clients: Clients,
  agencyId: AgencyId,
): Promise<{ clientId: string; privateKey: JWK }> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const named = { alg: 'ES256', use: 'sig', kid: 'demo-1' };
  const client = await clients.create(commandContext('demo'), agencyId, {
    name: 'Démonstration',
    jwks: { keys: [{ ...(await exportJWK(pair.publicKey)), ...named }] },
    scopes: [...SCOPES],
  });
  return { clientId: client.id, privateKey: { ...(await exportJWK(pair.privateKey)), ...named } };
}
