import { Command, Option, SubCommand } from 'nest-commander';
import { CandidateErasures, type Holdings } from '../../modules/privacy/index.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';

interface EraseOptions {
  readonly confirm?: string;
}

@SubCommand({
  name: 'erase',
  arguments: '<candidate>',
  description:
    'Erase a candidate who asks by letter, by e-mail address, by their id or by their pseudonym in the ledger. Without --confirm it says what there is and erases nothing',
})
class CandidateEraseCommand extends StrictCommand {
  override async run([named = '']: string[], { confirm }: EraseOptions): Promise<void> {
    await withRooms(async (rooms) => {
      const erasures = rooms.get(CandidateErasures, { strict: false });
      const context = commandContext('candidate.erase');
      if (confirm === undefined) {
        process.stdout.write(describe(named, await erasures.lookUp(context, named)));
        return;
      }
      const { id, backupDays } = await erasures.erase(context, named, confirm);
      process.stdout.write(
        `Erased: nobody can read anything of the candidate any more, and the rest is being removed.\nReference: ${id}. Backups of the keys persist for ${backupDays} days.\n`,
      );
    });
  }

  @Option({ flags: '--confirm <id>', description: 'the id that the command without it has named' })
  parseConfirm(value: string): string {
    return value;
  }
}

@Command({
  name: 'candidate',
  description: 'Requests of candidates that come by letter',
  subCommands: [CandidateEraseCommand],
})
export class CandidateCommand extends StrictCommand {
  override run(): Promise<void> {
    this.command.help();
    return Promise.resolve();
  }
}

function describe(named: string, { candidate, tables }: Holdings): string {
  const lines = tables.map(({ name, rows }) => `  ${name.padEnd(32)} ${rows}`);
  return [
    `Candidate ${candidate}. Rows that would go or be emptied:`,
    ...lines,
    'Nothing was erased. It cannot be undone. To do it:',
    `  sceau candidate erase ${named} --confirm ${candidate}`,
    '',
  ].join('\n');
}
