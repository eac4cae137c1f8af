import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import { Staff } from '../../modules/identity/index.js';
import { commandContext, withRooms } from '../rooms.js';

interface StaffOptions {
  readonly email: string;
  readonly role: 'auditor' | 'operator';
}

@SubCommand({
  name: 'create',
  description: 'Create an auditor or operator; shows password and TOTP secret once',
})
class StaffCreateCommand extends CommandRunner {
  override async run(_: string[], options: StaffOptions): Promise<void> {
    await withRooms(async (rooms) => {
      const created = await rooms
        .get(Staff, { strict: false })
        .create(commandContext('staff create'), { email: options.email, role: options.role, locale: 'fr' });
      process.stdout.write(
        `Account created. This is shown once:\n` +
          `  e-mail       ${created.email}\n` +
          `  password     ${created.password}\n` +
          `  TOTP secret  ${created.totpSecret}\n`,
      );
    });
  }

  @Option({ flags: '--email <address>', description: 'where the person is reached', required: true })
  parseEmail(value: string): string {
    return value;
  }

  @Option({
    flags: '--role <role>',
    description: 'what they may do',
    choices: ['auditor', 'operator'],
    required: true,
  })
  parseRole(value: string): string {
    return value;
  }
}

@Command({ name: 'staff', description: 'Auditors and operators', subCommands: [StaffCreateCommand] })
export class StaffCommand extends CommandRunner {
  override run(): Promise<void> {
    this.command.help();
    return Promise.resolve();
  }
}
