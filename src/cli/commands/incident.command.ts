import { Command, SubCommand } from 'nest-commander';
import { Incidents, LetterStates } from '../../modules/incidents/index.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';
import { IncidentCloseCommand, IncidentOpenCommand } from './incident-changes.command.js';
import { IncidentContainCommand } from './incident-contain.command.js';
import { IncidentImpactCommand } from './incident-impact.command.js';
import { IncidentNotifyCommand } from './incident-notify.command.js';
import { describeIncident, readIncident } from './incident-words.js';

const PAGE = 100;

@SubCommand({ name: 'list', description: 'Incidents by id, status and title, newest first' })
class IncidentListCommand extends StrictCommand {
  override async run(): Promise<void> {
    await withRooms(async (rooms) => {
      const incidents = rooms.get(Incidents, { strict: false });
      const context = commandContext('incident.list');
      let count = 0;
      for (let cursor: string | null | undefined; cursor !== null;) {
        const page = await incidents.list(context, PAGE, cursor);
        for (const { id, status, title, openedAt } of page.items)
          process.stdout.write(
            `${id}  ${status.padEnd(7)}  ${openedAt.toISOString()}  ${title ?? 'its record is not as the product last wrote it'}\n`,
          );
        count += page.items.length;
        cursor = page.nextCursor;
      }
      process.stdout.write(`${count} incident(s).\n`);
    });
  }
}

@SubCommand({ name: 'show', arguments: '<incident>', description: 'One incident: what is known of it' })
class IncidentShowCommand extends StrictCommand {
  override async run([text]: string[]): Promise<void> {
    const id = readIncident(text);
    await withRooms(async (rooms) => {
      const incident = await rooms.get(Incidents, { strict: false }).one(commandContext('incident.show'), id);
      const reached = await rooms.get(LetterStates, { strict: false }).reached(id);
      process.stdout.write(describeIncident(incident, reached));
    });
  }
}

@Command({
  name: 'incident',
  description: 'Incidents: whose data was affected, containing it, telling those affected',
  subCommands: [
    IncidentOpenCommand,
    IncidentListCommand,
    IncidentShowCommand,
    IncidentImpactCommand,
    IncidentContainCommand,
    IncidentNotifyCommand,
    IncidentCloseCommand,
  ],
})
export class IncidentCommand extends StrictCommand {
  override run(): Promise<void> {
    this.command.help();
    return Promise.resolve();
  }
}
