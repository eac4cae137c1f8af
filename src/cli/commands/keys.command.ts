import { Command, Option, SubCommand } from 'nest-commander';
import { Failure } from '../../kernel/errors.js';
import type { RequestContext } from '../../kernel/context.js';
import { type Id, parseId, type SubjectId } from '../../kernel/ids.js';
import {
  IndexRotation,
  KeyRewrapping,
  type KeyStatus,
  KeyStatusReader,
  MasterRotation,
  SubjectRotation,
} from '../../sealing/index.js';
import { withProgress } from '../progress.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';

@SubCommand({ name: 'status', description: 'Versions of the master key, what each wraps, what is under way' })
class KeysStatusCommand extends StrictCommand {
  override async run(): Promise<void> {
    const status = await withRooms((rooms) => rooms.get(KeyStatusReader, { strict: false }).read());
    process.stdout.write(`${describeStatus(status).join('\n')}\n`);
  }
}

interface RotateOptions {
  readonly subject?: SubjectId;
  readonly index?: 'email';
}

@SubCommand({
  name: 'rotate',
  description:
    'Renew the master key, the key of one subject or that of an index; goes on where it was killed',
})
class KeysRotateCommand extends StrictCommand {
  override async run(_: string[], { subject, index }: RotateOptions): Promise<void> {
    const context = commandContext('keys.rotate');
    if (subject !== undefined && index !== undefined)
      throw new Failure('invalid_request', { detail: 'One key at a time: --subject or --index.' });
    if (subject !== undefined) return rotateSubject(context, subject);
    if (index !== undefined) return rotateIndex(context);
    const version = await withRooms((rooms) => rooms.get(MasterRotation, { strict: false }).rotate(context));
    process.stdout.write(`Version ${version} of the master key wraps now. Next: sceau keys rewrap\n`);
  }

  @Option({ flags: '--subject <id>', description: 'the key of this person or agency, after an incident' })
  parseSubject(value: string): SubjectId {
    const id = parseId<Id<'subject'>>(value);
    if (id === undefined) throw new Failure('invalid_request', { detail: 'An id is a UUIDv7.' });
    return id;
  }

  // Not by `choices`: the library forgets them where there is a parser, and it wants one.
  @Option({ flags: '--index <name>', description: 'the key that addresses are found by: email' })
  parseIndex(value: string): 'email' {
    if (value !== 'email') throw new Failure('invalid_request', { detail: 'Known indexes: email.' });
    return value;
  }
}

async function rotateIndex(context: RequestContext): Promise<void> {
  const { version, lost, isFinishing } = await withRooms((rooms) =>
    withProgress('Indexing', process.stderr, (report) =>
      rooms.get(IndexRotation, { strict: false }).rotate(context, report),
    ),
  );
  process.stdout.write(
    isFinishing
      ? `The run that was broken off is finished: version ${version} of the index's key is the only one. To renew it, run this again.\n`
      : `Version ${version} of the index's key is the only one.\n`,
  );
  if (lost > 0) {
    process.stdout.write(
      `${lost} account(s) that nobody finds: their address does not open, or an older account has it too.\n`,
    );
    process.exitCode = 1;
  }
}

async function rotateSubject(context: RequestContext, subject: SubjectId): Promise<void> {
  const { version, values, unreadable, isComplete } = await withRooms((rooms, settings) => {
    process.stderr.write(
      `Requests in flight are waited for twice: ${settings.keyring.drainSeconds} s each.\n`,
    );
    return rooms.get(SubjectRotation, { strict: false }).rotate(context, subject);
  });
  process.stdout.write(`Version ${version}: ${values} value(s) resealed.\n`);
  if (isComplete) return;
  process.stdout.write(
    `${unreadable} value(s) do not open. The old key stays until they are replaced or gone.\n`,
  );
  process.exitCode = 1;
}

@SubCommand({
  name: 'rewrap',
  description: 'Wrap every key under the current version of the master key; goes on where it was killed',
})
class KeysRewrapCommand extends StrictCommand {
  override async run(): Promise<void> {
    const { rewrapped, damaged } = await withRooms((rooms) =>
      withProgress('Rewrapping', process.stderr, (report) =>
        rooms.get(KeyRewrapping, { strict: false }).run(commandContext('keys.rewrap'), report),
      ),
    );
    process.stdout.write(`${rewrapped} key(s) wrapped again.\n`);
    if (damaged > 0) {
      process.stdout.write(
        `${damaged} key(s) do not unwrap and stay as they are: restore them from the key store's latest backup.\n`,
      );
      process.exitCode = 1;
    }
  }
}

interface RetireOptions {
  readonly now?: string;
}

@SubCommand({
  name: 'retire',
  description: 'Destroy a version of the master key that wraps nothing, after the backup period',
  arguments: '<version>',
})
class KeysRetireCommand extends StrictCommand {
  override async run([text = '']: string[], options: RetireOptions): Promise<void> {
    if (!/^[1-9]\d{0,8}$/.test(text))
      throw new Failure('invalid_request', { detail: 'A version is a whole number.' });
    await withRooms((rooms) =>
      rooms
        .get(MasterRotation, { strict: false })
        .retire(commandContext('keys.retire'), Number(text), options.now),
    );
    process.stdout.write(`Version ${text} of the master key is destroyed.\n`);
  }

  @Option({
    flags: '--now <sentence>',
    description: 'before the backup period has passed; says which sentence',
  })
  parseNow(value: string): string {
    return value;
  }
}

function describeStatus({ provider, versions, index, subjects, rewrapping }: KeyStatus): string[] {
  return [
    `Provider: ${provider}`,
    ...versions.map(({ version, state, keys, retirableFrom }) => {
      const retirable = retirableFrom && `, may be retired from ${retirableFrom.toISOString()}`;
      return `Master key version ${version}: ${state}, wraps ${keys} key(s)${retirable ?? ''}`;
    }),
    index.next === null
      ? `Index of addresses: version ${index.version}${index.isOldKeyThere ? '; the key before it is still there. To delete it: sceau keys rotate --index email' : ''}`
      : `Index of addresses: from version ${index.version} to ${index.next}, ${index.phase}. To go on: sceau keys rotate --index email`,
    ...subjects.map((id) => `Subject ${id}: being renewed. To go on: sceau keys rotate --subject ${id}`),
    ...(rewrapping === undefined
      ? []
      : [
          `Rewrapping under version ${rewrapping.target}: ${rewrapping.done} done, ${rewrapping.left} left. ` +
            'To go on: sceau keys rewrap',
        ]),
  ];
}

@Command({
  name: 'keys',
  description: 'The keys that everything is sealed with: see them, renew them, retire them',
  subCommands: [KeysStatusCommand, KeysRotateCommand, KeysRewrapCommand, KeysRetireCommand],
})
export class KeysCommand extends StrictCommand {
  override run(): Promise<void> {
    this.command.help();
    return Promise.resolve();
  }
}
