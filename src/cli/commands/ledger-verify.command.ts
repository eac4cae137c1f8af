import { readFile } from 'node:fs/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { Option, SubCommand } from 'nest-commander';
import { Ledger, LedgerVerifier, type Verified } from '../../ledger/index.js';
import { explain } from '../explanation.js';
import { withProgress } from '../progress.js';
import { commandContext, withRooms } from '../rooms.js';
import { StrictCommand } from '../strict-command.js';
import { conclusion } from './ledger-output.js';

/** What `sceau ledger verify` answers with: nothing wrong, something changed, it cannot be told. */
const EXIT = { clean: 0, tampered: 1, unknown: 2 } as const;

interface VerifyOptions {
  readonly kept?: string;
  readonly key?: string;
}

@SubCommand({
  name: 'verify',
  description:
    'Verify the whole ledger; exit code 0: in order, 1: something was changed, 2: it cannot be told',
})
export class LedgerVerifyCommand extends StrictCommand {
  override async run(_: string[], { kept, key }: VerifyOptions): Promise<void> {
    try {
      const keys = key === undefined ? {} : { keys: await keysFrom(key) };
      await withRooms(async (rooms) => {
        const verified = await withProgress('Verifying', process.stderr, (progress) =>
          rooms.get(LedgerVerifier, { strict: false }).verify({ ...keys, kept, progress }),
        );
        process.stdout.write(`${conclusion(verified).join('\n')}\n`);
        process.exitCode = verified.report.count === 0 ? EXIT.clean : EXIT.tampered;
        if (verified.report.count > 0) await raiseAlarm(rooms, verified);
      });
    } catch (error) {
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
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** For the auditors' alerts. A ledger that was tampered with may be one that nothing can be written to either. */
async function raiseAlarm(rooms: INestApplicationContext, { report }: Verified): Promise<void> {
  const { firstBad, count } = report;
  try {
    await rooms.get(Ledger, { strict: false }).append(
      {
        action: 'ledger.verification_failed',
        context: commandContext('ledger.verify'),
        outcome: 'failed',
        ...(firstBad === undefined ? {} : { resource: String(firstBad.first) }),
        count,
      },
      'staged',
    );
  } catch (error) {
    process.stderr.write(`This could not be recorded in the ledger. ${explain(error)}\n`);
  }
}
