import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Sceau } from './sceau.js';

const MAIN = join(import.meta.dirname, '../../dist/cli/main.js');

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly complaint: string;
}

/** The operator's command line, as it is built, beside a running server. */
export function runCommand(
  sceau: Sceau,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const env = {
    PATH: process.env['PATH'],
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    SCEAU_HOME: sceau.home,
    PUBLIC_URL: sceau.url,
    DATABASE_APP_URL: sceau.database.appUrl,
    DATABASE_AUDITOR_URL: sceau.database.auditorUrl,
    DATABASE_SEQUENCER_URL: sceau.database.sequencerUrl,
    ...more,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { env }, (error, out, complaint) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, complaint }),
    );
  });
}
