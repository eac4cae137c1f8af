import { Command, SubCommand } from 'nest-commander';
import { Failure } from '../../kernel/errors.js';
import { type AccountId, parseId } from '../../kernel/ids.js';
import { SessionTermination } from '../../modules/identity/index.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';

@SubCommand({
  name: 'end',
  arguments: '<id>',
  description:
    'End every session of a person, candidate or staff, by the id that the ledger has; they are told',
})
class SessionsEndCommand extends StrictCommand {
  override async run([text = '']: string[]): Promise<void> {
    const id = parseId<AccountId>(text);
    if (id === undefined) throw new Failure('invalid_request', { detail: 'Name a person by their id.' });
    await withRooms((rooms) =>
      rooms.get(SessionTermination, { strict: false }).endOf(commandContext('sessions.end'), id),
    );
    process.stdout.write('Ended.\n');
  }
}

@SubCommand({
  name: 'end-all',
  description: 'End every session of everybody; each person is told. May be broken off and repeated',
})
class SessionsEndAllCommand extends StrictCommand {
  override async run(): Promise<void> {
    await withRooms(async (rooms) => {
      const termination = rooms.get(SessionTermination, { strict: false });
      const people = await termination.endAll(commandContext('sessions.end-all'));
      process.stdout.write(`Ended the sessions of ${people} people.\n`);
    });
  }
}

@Command({
  name: 'sessions',
  description: 'Sessions that may be in the wrong hands',
  subCommands: [SessionsEndCommand, SessionsEndAllCommand],
})
export class SessionsCommand extends StrictCommand {
  override run(): Promise<void> {
    this.command.help();
    return Promise.resolve();
  }
}
