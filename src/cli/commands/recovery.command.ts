import { Command, SubCommand } from 'nest-commander';
import { Failure } from '../../kernel/errors.js';
import { parseId } from '../../kernel/ids.js';
import { RecoveryApproval, type RecoveryId } from '../../modules/identity/index.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';

@SubCommand({ name: 'list', description: 'Open recoveries by id, status and times' })
class RecoveryListCommand extends StrictCommand {
  override async run(): Promise<void> {
    await withRooms(async (rooms) => {
      const approval = rooms.get(RecoveryApproval, { strict: false });
      const open = await approval.list(commandContext('recovery.list'));
      for (const { id, status, askedAt, dueAt } of open) {
        const then = status === 'approved' ? 'token' : 'ends';
        process.stdout.write(
          `${id}  ${status.padEnd(8)}  asked ${askedAt.toISOString()}  ${then} ${dueAt.toISOString()}\n`,
        );
      }
      process.stdout.write(`${open.length} open recoveries.\n`);
    });
  }
}

@SubCommand({
  name: 'approve',
  arguments: '<id>',
  description: 'Let a recovery go on, once you know who asks; the delay begins and the owner is told',
})
class RecoveryApproveCommand extends StrictCommand {
  override async run([text = '']: string[]): Promise<void> {
    const id = idOf(text);
    await withRooms(async (rooms) => {
      const approval = rooms.get(RecoveryApproval, { strict: false });
      const dueAt = await approval.approve(commandContext('recovery.approve'), id);
      process.stdout.write(`Approved. The owner gets the token at ${dueAt.toISOString()}.\n`);
    });
  }
}

@SubCommand({ name: 'refuse', arguments: '<id>', description: 'End a recovery; the owner is told' })
class RecoveryRefuseCommand extends StrictCommand {
  override async run([text = '']: string[]): Promise<void> {
    const id = idOf(text);
    await withRooms((rooms) =>
      rooms.get(RecoveryApproval, { strict: false }).refuse(commandContext('recovery.refuse'), id),
    );
    process.stdout.write('Refused.\n');
  }
}

@Command({
  name: 'recovery',
  description: 'Accounts whose owners have lost everything they sign in with',
  subCommands: [RecoveryListCommand, RecoveryApproveCommand, RecoveryRefuseCommand],
})
export class RecoveryCommand extends StrictCommand {
  override run(): Promise<void> {
    this.command.help();
    return Promise.resolve();
  }
}

function idOf(text: string): RecoveryId {
  const id = parseId<RecoveryId>(text);
  if (id === undefined)
    throw new Failure('invalid_request', { detail: 'Name a recovery by its id: see `recovery list`.' });
  return id;
}
