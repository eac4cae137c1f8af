import { Command, Option, SubCommand } from 'nest-commander';
import type { AgencyScope } from '../../kernel/context.js';
import type { AgencyId, ClientId } from '../../kernel/ids.js';
import { Agencies, AGENCY_SCOPES, Clients, type Possession } from '../../modules/agencies/index.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';
import { AgencyKeysCommand, AgencyScopesCommand } from './agency-changes.command.js';
import { AgencyDemoKeyCommand } from './agency-demo-key.command.js';
import { AgencyClientsCommand, AgencyListCommand } from './agency-lists.command.js';
import { AgencyRotateSigningKeyCommand } from './agency-rotate-signing-key.command.js';
import { AgencySandboxFillCommand } from './agency-sandbox.command.js';
import { readId, readKeyFile, readScopeList } from './agency-words.js';

interface CreateOptions {
  readonly sandbox?: boolean;
}
@SubCommand({ name: 'create', description: 'Create an agency', arguments: '<name>' })
class AgencyCreateCommand extends StrictCommand {
  override async run([name = '']: string[], { sandbox = false }: CreateOptions): Promise<void> {
    await withRooms(async (rooms) => {
      const agency = await rooms
        .get(Agencies, { strict: false })
        .create(commandContext('agency.create'), { name, mode: sandbox ? 'sandbox' : 'live' });
      process.stdout.write(`Agency created: ${agency.id}\n`);
    });
  }

  @Option({
    flags: '--sandbox',
    description: 'for good: with synthetic applications only, out of everybody else’s sight',
  })
  parseSandbox(): boolean {
    return true;
  }
}

interface ClientOptions {
  readonly agency: AgencyId;
  readonly name: string;
  readonly jwks?: string;
  readonly certificates?: string;
  readonly certificateBound?: boolean;
  readonly scopes: AgencyScope[];
}

@SubCommand({ name: 'client', description: 'Register an OAuth client of an agency from its public keys' })
class AgencyClientCommand extends StrictCommand {
  override async run(_: string[], options: ClientOptions): Promise<void> {
    const jwks = await readKeyFile(options);
    const { name, scopes, certificates, certificateBound = false } = options;
    const possession: Possession =
      certificates === undefined ? (certificateBound ? 'certificate' : 'dpop') : 'mutual_tls';
    await withRooms(async (rooms) => {
      const client = await rooms
        .get(Clients, { strict: false })
        .create(commandContext('agency.client'), options.agency, { name, jwks, scopes, possession });
      process.stdout.write(`Client registered: ${client.id}\n`);
    });
  }

  @Option({ flags: '--agency <id>', description: 'the agency it belongs to', required: true })
  parseAgency(value: string): AgencyId {
    return readId<AgencyId>(value);
  }

  @Option({ flags: '--name <name>', description: 'what people call it', required: true })
  parseName(value: string): string {
    return value;
  }

  @Option({
    flags: '--jwks <file>',
    description: 'JSON Web Key Set with its public keys (ES256, EdDSA or PS256)',
  })
  parseJwks(value: string): string {
    return value;
  }

  @Option({
    flags: '--certificates <file>',
    description: 'instead of keys: the PEM certificates that it is recognised by (mutual TLS)',
  })
  parseCertificates(value: string): string {
    return value;
  }

  @Option({
    flags: '--certificate-bound',
    description: 'with keys: its tokens are bound to the certificate of its connection instead of DPoP',
  })
  parseCertificateBound(): boolean {
    return true;
  }

  @Option({
    flags: '--scopes <list>',
    description: `comma-separated: ${AGENCY_SCOPES.join(', ')}`,
    required: true,
  })
  parseScopes(value: string): AgencyScope[] {
    return readScopeList(value);
  }
}

@SubCommand({
  name: 'suspend',
  description: 'Suspend a client; its tokens are dead at once',
  arguments: '<client>',
})
class AgencySuspendCommand extends StrictCommand {
  override async run([client = '']: string[]): Promise<void> {
    await withRooms((rooms) =>
      rooms
        .get(Clients, { strict: false })
        .suspend(commandContext('agency.suspend'), readId<ClientId>(client)),
    );
    process.stdout.write('Client suspended.\n');
  }
}

@SubCommand({ name: 'resume', description: 'Lift the suspension of a client', arguments: '<client>' })
class AgencyResumeCommand extends StrictCommand {
  override async run([client = '']: string[]): Promise<void> {
    await withRooms((rooms) =>
      rooms.get(Clients, { strict: false }).resume(commandContext('agency.resume'), readId<ClientId>(client)),
    );
    process.stdout.write('Client resumed.\n');
  }
}

@Command({
  name: 'agency',
  description: 'Recruiting agencies and their OAuth clients',
  subCommands: [
    AgencyCreateCommand,
    AgencyListCommand,
    AgencyClientsCommand,
    AgencyKeysCommand,
    AgencyScopesCommand,
    AgencyClientCommand,
    AgencyDemoKeyCommand,
    AgencySandboxFillCommand,
    AgencySuspendCommand,
    AgencyResumeCommand,
    AgencyRotateSigningKeyCommand,
  ],
})
export class AgencyCommand extends StrictCommand {
  override run(): Promise<void> {
    this.command.help();
    return Promise.resolve();
  }
}
