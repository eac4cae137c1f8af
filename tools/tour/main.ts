import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseMail } from '../client/mail.ts';
import { readDemoCredentials } from './demo-credentials.ts';
import { chosenPort, homeFolder } from '../home.ts';
import { takeTour } from './tour.ts';

const MAIL_PATIENCE_MS = 30_000;
const START_PATIENCE_MS = 120_000;

const home = homeFolder();
const base = process.env['PUBLIC_URL']?.trim() || `http://localhost:${chosenPort()}`;

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function isReady(): Promise<boolean> {
  try {
    return (await fetch(`${base}/health/ready`)).ok;
  } catch {
    return false;
  }
}

/** Starts a server for the time of the tour when none answers. @returns what stops it again */
async function ensureServer(): Promise<() => Promise<void>> {
  if (await isReady()) return () => Promise.resolve();
  write('No server answers: starting one for the time of the tour.');
  const server = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, '..', 'serve.ts')],
    {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const deadline = Date.now() + START_PATIENCE_MS;
  while (!(await isReady())) {
    if (server.exitCode !== null) throw new Error('The server did not start.');
    if (Date.now() > deadline) {
      server.kill('SIGTERM');
      throw new Error('The server did not become ready.');
    }
    await pause(100);
  }
  return async () => {
    server.kill('SIGTERM');
    await gone;
  };
}

/** The newest mail to an address in the folder where the embedded server writes it. */
async function readMail(address: string): Promise<string> {
  const folder = join(home, 'mail');
  const deadline = Date.now() + MAIL_PATIENCE_MS;
  for (;;) {
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml')).toSorted();
    for (const name of names.toReversed()) {
      const mail = parseMail(await readFile(join(folder, name), 'utf8'));
      if (mail.to.includes(address)) return mail.text;
    }
    if (Date.now() > deadline) throw new Error('No mail has come.');
    await pause(50);
  }
}

let stop: (() => Promise<void>) | undefined;
try {
  stop = await ensureServer();
  const result = await takeTour({ base, credentials: await readDemoCredentials(home), readMail, write });
  write('');
  write(`The tour is done: ${result.requests} requests, ${result.checks} checks, all as they should be.`);
} catch (error) {
  process.stderr.write(`\nThe tour stops here: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await stop?.();
}
