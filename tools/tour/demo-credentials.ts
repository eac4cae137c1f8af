import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgencyCredentials } from '../client/agency.ts';

export interface DemoAgency extends AgencyCredentials {
  readonly name: string;
  readonly agencyId: string;
}

/** What `prepare --demo` has left in demo.json. */
export interface DemoCredentials {
  readonly agencies: readonly DemoAgency[];
  readonly auditor: { readonly email: string; readonly password: string; readonly totpSecret: string };
}

export async function readDemoCredentials(home: string): Promise<DemoCredentials> {
  const credentials: DemoCredentials = JSON.parse(await readFile(join(home, 'demo.json'), 'utf8'));
  return credentials;
}
