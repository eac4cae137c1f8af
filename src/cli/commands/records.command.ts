import { Command, SubCommand } from 'nest-commander';
import { Budgets, Clients } from '../../modules/agencies/index.js';
import { ApplicationRecords } from '../../modules/applications/index.js';
import { Accounts, FederatedIdentities, Passkeys, RestoredRecoveries } from '../../modules/identity/index.js';
import { IncidentRecords } from '../../modules/incidents/index.js';
import { EndpointRecords } from '../../modules/webhooks/index.js';
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
      const accounts = await rooms.get(Accounts, { strict: false }).readmit(context);
      const clients = await rooms.get(Clients, { strict: false }).readmit(context);
      const passkeys = await rooms.get(Passkeys, { strict: false }).readmit(context);
      const identities = await rooms.get(FederatedIdentities, { strict: false }).readmit(context);
      const endpoints = await rooms.get(EndpointRecords, { strict: false }).readmit(context);
      const incidents = await rooms.get(IncidentRecords, { strict: false }).readmit(context);
      const budgets = await rooms.get(Budgets, { strict: false }).readmit(context);
      const applications = await rooms.get(ApplicationRecords, { strict: false }).readmit(context);
      const recoveries = await rooms.get(RestoredRecoveries, { strict: false }).end(context);
      process.stdout.write(
        `Readmitted: ${accounts} account(s), ${clients} client(s), ${passkeys} passkey(s), ` +
          `${identities} linked identity(ies), ${endpoints} webhook endpoint(s), ${incidents} incident(s), ${budgets} budget(s), ` +
          `${applications} application(s).\nEnded: ${recoveries} recovery(ies).\n`,
      );
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
