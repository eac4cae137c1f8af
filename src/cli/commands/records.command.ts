import { Command, SubCommand } from 'nest-commander';
import { RestoredRecoveries } from '../../modules/identity/index.js';
import { KeptRecords } from '../../modules/security-records/index.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';

@SubCommand({
  name: 'readmit',
  description:
    'After the data was restored from a backup: take accounts, clients, passkeys, linked identities, webhook endpoints, incidents, budgets and applications as they were then',
})
class RecordsReadmitCommand extends StrictCommand {
  override async run(): Promise<void> {
    await withRooms(async (rooms) => {
      const context = commandContext('records.readmit');
      const kinds = await rooms.get(KeptRecords, { strict: false }).readmit(context);
      const recoveries = await rooms.get(RestoredRecoveries, { strict: false }).end(context);
      const counts = kinds.map(({ called, count }) => `${called} ${count}`);
      process.stdout.write(`Readmitted: ${counts.join(', ')}.\nEnded: recoveries ${recoveries}.\n`);
    });
  }
}

@Command({
  name: 'records',
  description:
    'Security records: accounts, clients, passkeys, endpoints, incidents, budgets and applications, each with its MAC and revision',
  subCommands: [RecordsReadmitCommand],
})
export class RecordsCommand extends StrictCommand {
  override run(): Promise<void> {
    this.command.help();
    return Promise.resolve();
  }
}
