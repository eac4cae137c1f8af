import { isEmail } from 'class-validator';
import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import { Failure } from '../../kernel/errors.js';
import { Staff } from '../../modules/identity/index.js';
import { commandContext, withRooms } from '../rooms.js';

const ROLES = ['auditor', 'operator'] as const;
type Role = (typeof ROLES)[number];

interface StaffOptions {
  readonly email: string;
  readonly role: Role;
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
        .create(commandContext('staff.create'), { email: options.email, role: options.role, locale: 'fr' });
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
    if (!isEmail(value)) throw new Failure('invalid_request', { detail: 'This is no e-mail address.' });
    return value;
  }

  // Not by `choices`: the library forgets them where there is a parser, and it wants one.
  @Option({ flags: '--role <role>', description: `what they may do: ${ROLES.join(' or ')}`, required: true })
  parseRole(value: string): Role {
    const role = ROLES.find((known) => known === value);
    if (role === undefined)
      throw new Failure('invalid_request', { detail: `Known roles: ${ROLES.join(', ')}.` });
    return role;
  }
}

@Command({ name: 'staff', description: 'Auditors and operators', subCommands: [StaffCreateCommand] })
export class StaffCommand extends CommandRunner {
  override run(): Promise<void> {
    this.command.help();
    return Promise.resolve();
  }
}
