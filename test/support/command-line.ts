import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import '@nestjs/common';
import '@nestjs/core';
import type { TestDatabase } from './database.js';
import { INHERITED } from './inherited.js';

const MAIN = join(import.meta.dirname, '../../dist/cli/main.js');

/** Where a command finds what it works on. */
export interface Installation {
  readonly home: string;
  readonly database: TestDatabase;
  /** Of the server that may run beside it. */
  readonly url?: string;
}

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly complaint: string;
  /** Both. */
  readonly output: string;
}

export type Variables = Readonly<Record<string, string>>;

function environmentOf(
  { home, database, url }: Installation,
  more: Variables,
): Record<string, string | undefined> {
  return {
    ...INHERITED,
    SCEAU_HOME: home,
    DATABASE_APP_URL: database.appUrl,
    DATABASE_AUDITOR_URL: database.auditorUrl,
    DATABASE_SEQUENCER_URL: database.sequencerUrl,
    LEDGER_ORIGIN: 'test.localhost/audit',
    ...(url === undefined ? {} : { PUBLIC_URL: url }),
    ...more,
  };
}

/** The operator's command line as a process of its own, as it is built: a second of work, ten times that of `runCommand`. */
export function spawnCommand(
  installation: Installation,
  args: readonly string[],
  more: Variables = {},
): Promise<Outcome> {
  const env = environmentOf(installation, more);
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [MAIN, ...args], { env, timeout: 60_000 }, (error, out, complaint) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ code, out, complaint, output: out + complaint });
      else reject(error ?? new Error('The command has no exit code.'));
    });
  });
}

/** The same, for a test that kills it. */
export function startCommand(
  installation: Installation,
  args: readonly string[],
  more: Variables = {},
): ChildProcess {
  const env = environmentOf(installation, { LOG_LEVEL: 'silent', ...more });
  return spawn(process.execPath, [MAIN, ...args], { env, stdio: 'ignore' });
}

let before: Promise<unknown> = Promise.resolve();

/** One command of the operator's, in this process: its words, environment and streams are its own, one at a time. */
export function runCommand(
  installation: Installation,
  args: readonly string[],
  more: Variables = {},
): Promise<Outcome> {
  const outcome = before.then(() => runHere(args, environmentOf(installation, more)));
  before = outcome.catch(() => undefined);
  return outcome;
}

async function runHere(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  const [out, complaint] = [new PassThrough(), new PassThrough()];
  const written = Promise.all([text(out), text(complaint)]);
  const replaced = { env, stdout: out, stderr: complaint };
  const { exitCode } = process;
  const kept = Object.keys(replaced).map(
    (name) => [name, Object.getOwnPropertyDescriptor(process, name)] as const,
  );
  for (const [name, value] of Object.entries(replaced))
    Object.defineProperty(process, name, { value, configurable: true, writable: true, enumerable: true });
  process.exitCode = undefined;
  let code: number;
  try {
    // Only now: nest-commander requires what must have been imported before.
    const { runCommandLine } = await import('../../src/cli/command-line.js');
    code = await runCommandLine(args);
  } finally {
    for (const [name, descriptor] of kept)
      if (descriptor !== undefined) Object.defineProperty(process, name, descriptor);
    process.exitCode = exitCode;
    out.end();
    complaint.end();
  }
  const [said, complained] = await written;
  return { code, out: said, complaint: complained, output: said + complained };
}
