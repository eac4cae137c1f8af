import { Command, Option, SubCommand } from 'nest-commander';
import { Failure } from '../../kernel/errors.js';
import { LedgerStatusReader, NewEpoch } from '../../ledger/index.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';
import { LedgerExportCommand } from './ledger-export.command.js';
import { statusLines } from './ledger-output.js';
import { LedgerRetainCommand } from './ledger-retain.command.js';
import { LedgerVerifyCommand } from './ledger-verify.command.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

@SubCommand({
  name: 'status',
  description: 'Size, newest checkpoint, backlog, and whether anything is wrong',
})
class LedgerStatusCommand extends StrictCommand {
  override async run(): Promise<void> {
    await withRooms(async (rooms) => {
      const status = await rooms.get(LedgerStatusReader, { strict: false }).read();
      statusLines(status).forEach(say);
      if (status.refusal !== null) process.exitCode = 1;
    });
  }
}

const CODE = /^[a-z][a-z0-9_]{0,63}$/;

@SubCommand({
  name: 'epoch',
  description: 'Begin a new epoch over a database that was set back; the cut is on record for everybody',
})
class LedgerEpochCommand extends StrictCommand {
  override async run(_: string[], { reason }: { readonly reason: string }): Promise<void> {
    await withRooms(async (rooms) => {
      const opened = await rooms
        .get(NewEpoch, { strict: false })
        .open(commandContext('ledger.epoch'), reason);
      const { origin, index, cites, disagreement } = opened;
      say(`${origin} begins with entry ${index} (${disagreement}).`);
      say(`It cites ${cites.origin} at size ${cites.size}.`);
      if (cites.size > index)
        say(`${cites.size - index} entries that had been signed are not in this database.`);
      say(
        'Restart the API and the worker, and give the new line of checkpoint-key.vkey to whoever verifies.',
      );
    });
  }

  @Option({
    flags: '--reason <code>',
    description: 'why, in snake_case, such as restored_backup',
    required: true,
  })
  parseReason(value: string): string {
    if (CODE.test(value)) return value;
    throw new Failure('invalid_request', {
      detail: { en: 'The reason is a code in snake_case.', fr: 'Le motif est un code en snake_case.' },
    });
  }
}

@Command({
  name: 'ledger',
  description: 'The access log: how it is, whether it is intact, what goes, and a new epoch after a restore',
  subCommands: [
    LedgerStatusCommand,
    LedgerVerifyCommand,
    LedgerExportCommand,
    LedgerRetainCommand,
    LedgerEpochCommand,
  ],
})
export class LedgerCommand extends StrictCommand {
  override run(): Promise<void> {
    this.command.help();
    return Promise.resolve();
  }
}
