import { SubCommand } from 'nest-commander';
import { Notification } from '../../modules/incidents/index.js';
import { withProgress } from '../progress.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';
import { describeAwaited, readIncident } from './incident-words.js';

@SubCommand({
  name: 'notify',
  arguments: '<incident>',
  description:
    'Write to everybody an incident affects, once for the same exposure; goes on where it was killed',
})
export class IncidentNotifyCommand extends StrictCommand {
  override async run([text]: string[]): Promise<void> {
    const id = readIncident(text);
    const { affected, erased, writtenTo, written, further, unreached, canaries, awaited, ...measures } =
      await withRooms((rooms) =>
        withProgress('Writing', process.stderr, (report) =>
          rooms.get(Notification, { strict: false }).run(commandContext('incident.notify'), id, report),
        ),
      );
    process.stdout.write(
      `${affected} candidate(s) affected: ${writtenTo} written to, ${erased} erased since (counted, and nobody can be told).\n`,
    );
    process.stdout.write(`Written now: ${written}, of whom ${further} had been told of less.\n`);
    if (unreached > 0) process.stdout.write(`${unreached} of them could not be reached the last time.\n`);
    if (written > 0)
      process.stdout.write(
        `The worker sends the mails: sceau incident impact ${id} tells how many came through, --list who was not reached.\n`,
      );
    if (canaries > 0)
      process.stdout.write(`${canaries} canary(ies) as well, written to like anybody and in no number.\n`);
    if (written > 0 && !measures.isCutOff)
      process.stderr.write('The letters do not say that access was cut off: see sceau incident contain.\n');
    if (written > 0 && !measures.areKeysRenewed)
      process.stderr.write('The letters do not say that keys were renewed: see sceau incident contain.\n');
    if (awaited > 0) {
      process.stderr.write(
        describeAwaited(awaited, 'whom they affect has not been written to: run it again'),
      );
      process.exitCode = 1;
    }
    const left = affected - erased - writtenTo;
    if (left === 0) return;
    process.stdout.write(`${left} are being erased at this moment.\n`);
  }
}
