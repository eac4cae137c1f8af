import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Sceau } from '../../support/sceau.js';
import type { Verdict } from './oracles.js';

const CLI = join(import.meta.dirname, '../../../dist/cli/main.js');

/** The operator's command line beside a running product, as a process of its own. @param more variables of its own */
export function commandLine(
  { settings, home }: Sceau,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Verdict> {
  const env = {
    SCEAU_HOME: home,
    DATABASE_APP_URL: settings.database.appUrl,
    DATABASE_AUDITOR_URL: settings.database.auditorUrl,
    DATABASE_SEQUENCER_URL: settings.database.sequencerUrl,
    LEDGER_ORIGIN: settings.ledger.origin,
    ...more,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { env, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr });
    });
  });
}
