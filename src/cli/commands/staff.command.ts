import { isEmail } from 'class-validator';
import { Command, Option, SubCommand } from 'nest-commander';
import type { Locale } from '../../kernel/context.js';
import { Failure } from '../../kernel/errors.js';
import { type AccountId, parseId } from '../../kernel/ids.js';
import { Invitations, Staff } from '../../modules/identity/index.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';

const ROLES = ['auditor', 'operator'] as const;
type Role = (typeof ROLES)[number];
const LOCALES = ['fr', 'en'] as const;

interface InviteOptions {
  readonly email: string;
  readonly role: Role;
  readonly locale: Locale;
  readonly print?: boolean;
}

@SubCommand({
  name: 'invite',
  description: 'Invite an auditor or operator, who sets password and authenticator by a one-time link',
})
class StaffInviteCommand extends StrictCommand {
  override async run(_: string[], { email, role, locale, print = false }: InviteOptions): Promise<void> {
    await withRooms(async (rooms) => {
      const invitations = rooms.get(Invitations, { strict: false });
      const context = commandContext('staff.invite');
      if (!print) {
        const id = await invitations.invite(context, { email, role, locale });
        process.stdout.write(`Invited: ${id}\nA mail with the link is on its way.\n`);
        return;
      }
      const { id, link, token } = await invitations.inviteByHand(context, { email, role, locale });
      process.stdout.write(
        `Invited: ${id}\nGood once, for three days. Give it to that person only:\n` +
          `  link   ${link}\n` +
          `  token  ${token}\n`,
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
    return oneOf(ROLES, value, 'roles');
  }

  @Option({ flags: '--locale <language>', description: 'of the mails: fr or en', defaultValue: 'fr' })
  parseLocale(value: string): Locale {
    return oneOf(LOCALES, value, 'languages');
  }

  @Option({ flags: '--print', description: 'show the link instead of mailing it: for the first operator' })
  parsePrint(): boolean {
    return true;
  }
}

@SubCommand({ name: 'list', description: 'Auditors and operators by id, role and status' })
class StaffListCommand extends StrictCommand {
  override async run(): Promise<void> {
    await withRooms(async (rooms) => {
      const members = await rooms.get(Staff, { strict: false }).list(commandContext('staff.list'));
      for (const { id, role, status, invitedAt } of members) {
        process.stdout.write(
          `${id}  ${role.padEnd(8)}  ${status.padEnd(9)}  invited ${invitedAt.toISOString()}\n`,
        );
      }
      process.stdout.write(`${members.length} members of staff.\n`);
    });
  }
}

@SubCommand({ name: 'suspend', arguments: '<who>', description: 'Keep someone out; ends their sessions' })
class StaffSuspendCommand extends StrictCommand {
  override async run([who = '']: string[]): Promise<void> {
    await withMember('staff.suspend', who, (staff, context, id) => staff.suspend(context, id));
    process.stdout.write('Suspended.\n');
  }
}

@SubCommand({ name: 'resume', arguments: '<who>', description: 'Lift a suspension' })
class StaffResumeCommand extends StrictCommand {
  override async run([who = '']: string[]): Promise<void> {
    await withMember('staff.resume', who, (staff, context, id) => staff.resume(context, id));
    process.stdout.write('Suspension lifted.\n');
  }
}

@SubCommand({ name: 'remove', arguments: '<who>', description: 'End an account for good, its key as well' })
class StaffRemoveCommand extends StrictCommand {
  override async run([who = '']: string[]): Promise<void> {
    await withMember('staff.remove', who, (staff, context, id) => staff.remove(context, id));
    process.stdout.write('Removed.\n');
  }
}

@Command({
  name: 'staff',
  description: 'Auditors and operators',
  subCommands: [
    StaffInviteCommand,
    StaffListCommand,
    StaffSuspendCommand,
    StaffResumeCommand,
    StaffRemoveCommand,
  ],
})
export class StaffCommand extends StrictCommand {
  override run(): Promise<void> {
    this.command.help();
    return Promise.resolve();
  }
}

type StaffContext = ReturnType<typeof commandContext>;

/** @param who an id, or the address of the person */
async function withMember(
  name: `staff.${string}`,
  who: string,
  work: (staff: Staff, context: StaffContext, id: AccountId) => Promise<void>,
): Promise<void> {
  const id = parseId<AccountId>(who);
  if (id === undefined && !isEmail(who))
    throw new Failure('invalid_request', { detail: 'Name a person by their id or e-mail address.' });
  await withRooms(async (rooms) => {
    const staff = rooms.get(Staff, { strict: false });
    const context = commandContext(name);
    await work(staff, context, id ?? (await staff.findByAddress(context, who)).id);
  });
}

function oneOf<T extends string>(known: readonly T[], value: string, what: string): T {
  const found = known.find((candidate) => candidate === value);
  if (found === undefined)
    throw new Failure('invalid_request', { detail: `Known ${what}: ${known.join(', ')}.` });
  return found;
}
