import { SubCommand } from 'nest-commander';
import type { AgencyId } from '../../kernel/ids.js';
import { AgencyRegister, ClientRegister, type RegisteredClient } from '../../modules/agencies/index.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';
import { readId } from './agency-words.js';

const PAGE = 100;

@SubCommand({ name: 'list', description: 'Agencies by id and name, newest first' })
export class AgencyListCommand extends StrictCommand {
  override async run(): Promise<void> {
    await withRooms(async (rooms) => {
      const register = rooms.get(AgencyRegister, { strict: false });
      const context = commandContext('agency.list');
      let page = await register.list(context, PAGE);
      let count = 0;
      while (page.items.length > 0) {
        for (const { id, name, mode } of page.items)
          process.stdout.write(`${id}  ${name}${mode === 'sandbox' ? ' (sandbox)' : ''}\n`);
        count += page.items.length;
        if (page.nextCursor === null) break;
        page = await register.list(context, PAGE, page.nextCursor);
      }
      process.stdout.write(`${count} agencies.\n`);
    });
  }
}

@SubCommand({
  name: 'clients',
  description: 'An agency’s clients with their status, scopes and keys',
  arguments: '<agency>',
})
export class AgencyClientsCommand extends StrictCommand {
  override async run([agency = '']: string[]): Promise<void> {
    const id = readId<AgencyId>(agency);
    await withRooms(async (rooms) => {
      const register = rooms.get(ClientRegister, { strict: false });
      const clients = await register.of(commandContext('agency.clients'), id);
      for (const client of clients) process.stdout.write(describe(client));
      process.stdout.write(`${clients.length} clients.\n`);
    });
  }
}

function describe({ id, status, registration }: RegisteredClient): string {
  if (registration === null) return `${id}  ${status}: its record is not as the product last wrote it\n`;
  const keys = registration.keys.map(({ kid, alg, until }) => {
    const kind = alg ?? 'certificate';
    return until === null ? `${kid} (${kind})` : `${kid} (${kind}, until ${until.toISOString()})`;
  });
  return [
    `${id}  ${status.padEnd(9)}  ${registration.name}`,
    `  proof   ${registration.possession}`,
    `  scopes  ${registration.scopes.join(', ')}`,
    `  keys    ${keys.join(', ')}`,
    '',
  ].join('\n');
}
