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

/** @throws Error in one sentence when the server of this home has no demo */
export async function readDemoCredentials(home: string): Promise<DemoCredentials> {
  const path = join(home, 'demo.json');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Error(`The demo's credentials are not in ${path}: is SCEAU_HOME the one of the server?`, {
      cause,
    });
  });
  const credentials: DemoCredentials = JSON.parse(text);
  return credentials;
}
