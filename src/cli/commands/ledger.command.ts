import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import { Failure } from '../../kernel/errors.js';
import { Ledger, LedgerExport, LedgerStatusReader, LedgerVerifier, NewEpoch } from '../../ledger/index.js';
import { explain } from '../explanation.js';
import { commandContext, withRooms } from '../rooms.js';
import { LedgerRetainCommand } from './ledger-retain.command.js';
import { conclusion, progressBar, statusLines } from './ledger-output.js';

/** What `sceau ledger verify` answers with: nothing wrong, something changed, it cannot be told. */
const EXIT = { clean: 0, tampered: 1, unknown: 2 } as const;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

@SubCommand({
  name: 'status',
  description: 'Size, newest checkpoint, backlog, and whether anything is wrong',
})
class LedgerStatusCommand extends CommandRunner {
  override async run(): Promise<void> {
    await withRooms(async (rooms) => {
      const status = await rooms.get(LedgerStatusReader, { strict: false }).read();
      statusLines(status).forEach(say);
      if (status.refusal !== null) process.exitCode = EXIT.tampered;
    });
  }
}

interface VerifyOptions {
  readonly kept?: string;
  readonly key?: string;
}

@SubCommand({
  name: 'verify',
  description:
    'Verify the whole ledger; exit code 0: in order, 1: something was changed, 2: it cannot be told',
})
class LedgerVerifyCommand extends CommandRunner {
  override async run(_: string[], { kept, key }: VerifyOptions): Promise<void> {
    const progress = progressBar();
    try {
      const keys = key === undefined ? {} : { keys: await keysFrom(key) };
      await withRooms(async (rooms) => {
        const verifier = rooms.get(LedgerVerifier, { strict: false });
        const verified = await verifier.verify({ ...keys, kept, progress: progress.show });
        progress.end();
        conclusion(verified).forEach(say);
        process.exitCode = verified.report.count === 0 ? EXIT.clean : EXIT.tampered;
      });
    } catch (error) {
      progress.end();
      process.stderr.write(`${explain(error)}\n`);
      process.exitCode = EXIT.unknown;
    }
  }

  @Option({ flags: '--kept <folder>', description: 'checkpoints that were kept earlier, one a file' })
  parseKept(value: string): string {
    return value;
  }

  @Option({
    flags: '--key <key>',
    description: 'verifier key, or a file with one a line; default: those of LEDGER_STATE',
  })
  parseKey(value: string): string {
    return value;
  }
}

async function keysFrom(given: string): Promise<readonly string[]> {
  const text = given.includes('+') ? given : await readFile(given, 'utf8');
  return text.split('\n').filter((line) => line.trim() !== '');
}

@SubCommand({
  name: 'export',
  description: 'Write the whole ledger so that it can be verified without the database (NDJSON)',
  arguments: '[file]',
})
class LedgerExportCommand extends CommandRunner {
  override async run([file]: string[]): Promise<void> {
    const progress = progressBar();
    await withRooms(async (rooms) => {
      const context = commandContext('ledger.export');
      await rooms
        .get(Ledger, { strict: false })
        .append({ action: 'audit.exported', context, reason: 'ndjson' }, 'staged');
      const lines = rooms.get(LedgerExport, { strict: false }).lines(progress.show);
      const target = file === undefined ? process.stdout : createWriteStream(file, { mode: 0o600 });
      await pipeline(Readable.from(lines), target, { end: file !== undefined });
    });
    progress.end();
  }
}

const CODE = /^[a-z][a-z0-9_]{0,63}$/;

@SubCommand({
  name: 'epoch',
  description: 'Begin a new epoch over a database that was set back; the cut is on record for everybody',
})
class LedgerEpochCommand extends CommandRunner {
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
export class LedgerCommand extends CommandRunner {
  override run(): Promise<void> {
    this.command.help();
    return Promise.resolve();
  }
}
