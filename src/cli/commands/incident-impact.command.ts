import { Option, SubCommand } from 'nest-commander';
import { Impact } from '../../modules/incidents/index.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';
import { describeAffected, describeImpact, readIncident } from './incident-words.js';

const PAGE = 1_000;

interface ImpactOptions {
  readonly list?: boolean;
}

@SubCommand({
  name: 'impact',
  arguments: '<incident>',
  description: 'Whose data an incident affects, which fields and when, by the signed ledger',
})
export class IncidentImpactCommand extends StrictCommand {
  override async run([text]: string[], { list = false }: ImpactOptions): Promise<void> {
    const id = readIncident(text);
    await withRooms(async (rooms) => {
      const impact = rooms.get(Impact, { strict: false });
      const context = commandContext('incident.impact');
      process.stdout.write(describeImpact(await impact.total(context, id)));
      if (!list) return;
      let page = await impact.affected(context, id, { limit: PAGE });
      while (page.items.length > 0) {
        for (const affected of page.items) process.stdout.write(describeAffected(affected));
        if (page.nextCursor === null) break;
        page = await impact.affected(context, id, { limit: PAGE, cursor: page.nextCursor });
      }
    });
  }

  @Option({ flags: '--list', description: 'each candidate too, by their pseudonym' })
  parseList(): boolean {
    return true;
  }
}
