import { Option, SubCommand } from 'nest-commander';
import { SystemClock } from '../../kernel/clock.js';
import type { ClientId } from '../../kernel/ids.js';
import { AGENCY_SCOPES, ClientChanges } from '../../modules/agencies/index.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';
import { readId, readKeyFile, readMoment, readScopeList } from './agency-words.js';

interface KeysOptions {
  readonly jwks?: string;
  readonly certificates?: string;
  readonly until: Date;
}

@SubCommand({
  name: 'keys',
  description: 'Give a client new keys; those of now count beside them until a moment that you name',
  arguments: '<client>',
})
export class AgencyKeysCommand extends StrictCommand {
  override async run([client = '']: string[], { until, ...files }: KeysOptions): Promise<void> {
    const id = readId<ClientId>(client);
    const replacement = { jwks: await readKeyFile(files), oldKeysUntil: until };
    await withRooms((rooms) =>
      rooms
        .get(ClientChanges, { strict: false })
        .replaceKeys(commandContext('agency.keys'), { id }, replacement),
    );
    process.stdout.write(`Keys replaced. The old ones end: ${until.toISOString()}\n`);
  }

  @Option({
    flags: '--jwks <file>',
    description: 'JSON Web Key Set with the new public keys (ES256, EdDSA or PS256)',
  })
  parseJwks(value: string): string {
    return value;
  }

  @Option({
    flags: '--certificates <file>',
    description: 'the new PEM certificates of a client that is recognised by such',
  })
  parseCertificates(value: string): string {
    return value;
  }

  @Option({
    flags: '--until <moment>',
    description:
      'when the old keys end, such as 2026-12-31T18:00:00Z; “now” when they may be in wrong hands: every token is dead as well',
    required: true,
  })
  parseUntil(value: string): Date {
    if (value === 'now') return new SystemClock().now();
    return readMoment(value, 'A moment is “now” or like 2026-12-31T18:00:00Z.');
  }
}

@SubCommand({
  name: 'scopes',
  description: `What a client may do from its next request on, comma-separated: ${AGENCY_SCOPES.join(', ')}`,
  arguments: '<client> <scopes>',
})
export class AgencyScopesCommand extends StrictCommand {
  override async run([client = '', scopes = '']: string[]): Promise<void> {
    const id = readId<ClientId>(client);
    const changes = { scopes: readScopeList(scopes) };
    await withRooms((rooms) =>
      rooms.get(ClientChanges, { strict: false }).change(commandContext('agency.scopes'), { id }, changes),
    );
    process.stdout.write(`Scopes now: ${changes.scopes.join(', ')}\n`);
  }
}
