import { rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { Option, SubCommand } from 'nest-commander';
import { Failure, systemCode } from '../../kernel/errors.js';
import { type AgencyId, parseId } from '../../kernel/ids.js';
import { Agencies, AGENCY_SCOPES, Clients } from '../../modules/agencies/index.js';
import { EnvironmentError } from '../../platform/config/environment.js';
import { readLocalSettings } from '../../platform/config/preparation.js';
import type { Settings } from '../../platform/config/settings.js';
import { type DemoKey, registerDemoClient } from '../demo/demo-client.js';
import { commandContext, withRooms } from '../rooms.js';
import { fillSandbox } from '../sandbox/fill-sandbox.js';
import { StrictCommand } from '../strict-command.js';

interface DemoKeyOptions {
  readonly agency?: AgencyId;
  readonly out?: string;
}

const STDOUT = '-';

/** In which a newcomer finds something, and can break nothing. */
const DEMO_AGENCY = { name: 'Agence de démonstration', mode: 'sandbox' } as const;
const DEMO_APPLICATIONS = 5;

/** One command between a newcomer and the first token. The private key is made here, which is why production refuses. */
@SubCommand({
  name: 'demo-key',
  description: 'Make an agency’s client with a key of its own, for trying out',
})
export class AgencyDemoKeyCommand extends StrictCommand {
  override async run(_: string[], { agency, out }: DemoKeyOptions): Promise<void> {
    const settings = await readLocalSettings();
    if (settings.production)
      throw new EnvironmentError([
        'agency demo-key is refused in production: a private key is made by the agency and never leaves it.',
      ]);
    const path = out === STDOUT ? undefined : resolve(out ?? join(settings.home, 'agency.json'));
    if (path === undefined) {
      const { agencyId, key } = await register(agency);
      process.stdout.write(accessOf(settings, agencyId, key));
      return;
    }
    await intoNewFiles([path, pemPath(path)], async () => {
      const { agencyId, key } = await register(agency);
      await writeFile(path, accessOf(settings, agencyId, key));
      await writeFile(pemPath(path), key.pem);
      process.stdout.write(nextSteps(settings, agencyId, key, path));
    });
  }

  @Option({
    flags: '--agency <id>',
    description: 'an agency that is there already; otherwise a new sandbox with some applications',
  })
  parseAgency(value: string): AgencyId {
    const id = parseId<AgencyId>(value);
    if (id === undefined) throw new Failure('invalid_request', { detail: 'An id is a UUIDv7.' });
    return id;
  }

  @Option({
    flags: '--out <file>',
    description:
      'where its access goes, with the key as PEM beside it (default: agency.json in SCEAU_HOME); “-”: standard output',
  })
  parseOut(value: string): string {
    return value;
  }
}

const pemPath = (path: string): string => `${path.replace(/\.json$/, '')}.pem`;

/**
 * Creates the files for their owner alone, before there is anything to keep in them, and removes them when that fails.
 * A key that is lost cannot be had again: nothing is written over.
 * @throws Failure `conflict` for a file that is there already
 */
async function intoNewFiles(paths: readonly string[], work: () => Promise<void>): Promise<void> {
  const created: string[] = [];
  try {
    for (const path of paths) {
      await writeFile(path, '', { mode: 0o600, flag: 'wx' });
      created.push(path);
    }
    await work();
  } catch (error) {
    await Promise.all(created.map((path) => rm(path)));
    if (systemCode(error) !== 'EEXIST') throw error;
    throw new Failure('conflict', {
      detail: `${shown(paths[created.length] ?? '')} is there already: name another file with --out.`,
    });
  }
}

const shown = (path: string): string => relative('', path);

function register(agency: AgencyId | undefined): Promise<{ agencyId: AgencyId; key: DemoKey }> {
  return withRooms(async (rooms) => {
    const context = commandContext('agency.demo-key');
    const agencies = rooms.get(Agencies, { strict: false });
    const agencyId = agency ?? (await agencies.create(context, DEMO_AGENCY)).id;
    if (agency === undefined) await fillSandbox(rooms, context, agencyId, DEMO_APPLICATIONS, () => undefined);
    const key = await registerDemoClient(context, rooms.get(Clients, { strict: false }), agencyId);
    return { agencyId, key };
  });
}

/** Everything that a program needs to know, each under the name that OAuth has for it where it has one. */
function accessOf({ publicUrl }: Settings, agencyId: AgencyId, { clientId, privateKey }: DemoKey): string {
  const access = {
    note: 'For trying out only. Anyone who reads this file can act as this agency.',
    api: publicUrl,
    issuer: `${publicUrl}/oauth`,
    tokenEndpoint: `${publicUrl}/oauth/token`,
    resource: `${publicUrl}/v1`,
    scope: AGENCY_SCOPES.join(' '),
    agencyId,
    clientId,
    privateKey,
  };
  return `${JSON.stringify(access, null, 2)}\n`;
}

function nextSteps({ publicUrl }: Settings, agencyId: AgencyId, { clientId }: DemoKey, path: string): string {
  return [
    `Agency            ${agencyId}`,
    `Client            ${clientId}`,
    `Access            ${shown(path)}`,
    `Private key       ${shown(pemPath(path))}`,
    '',
    'Both files are readable by you only. What to do with them, in shell or TypeScript:',
    '  docs/agency-quickstart.md',
    `  ${publicUrl}/docs`,
    '',
    'More applications for a sandbox, and the end of it:',
    `  sceau agency sandbox-fill ${agencyId} --applications 20`,
    `  sceau agency suspend ${clientId}`,
    '',
  ].join('\n');
}
