import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ApplicationProcess, prepare } from './application-process.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { chosenPort, homeFolder, lockHome, openHome, Refusal } from './home.ts';

/** What has to be undone, last things first. */
const undo: (() => Promise<void>)[] = [];
let stopping: Promise<void> | undefined;

function stop(): Promise<void> {
  stopping ??= (async () => {
    for (const step of undo.toReversed()) await step();
  })();
  return stopping;
}

function report(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function requireFree(host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => reject(new Refusal(portProblem(error, host, port))));
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

function portProblem(error: Error, host: string, port: number): string {
  const code = 'code' in error ? String(error.code) : 'unknown';
  if (code === 'EADDRINUSE') return `Port ${port} is in use. Choose another with PORT.`;
  if (code === 'EACCES') return `Port ${port} may not be opened by this user. Choose another with PORT.`;
  return `This machine has no address ${host} to listen on (${code}). Choose another with HOST.`;
}

async function serve(): Promise<void> {
  const port = chosenPort();
  const host = process.env['HOST']?.trim() || '127.0.0.1';
  const home = homeFolder();
  await openHome(home);
  undo.push(await lockHome(home));
  await requireFree(host, port);

  const given = process.env['DATABASE_URL']?.trim() || undefined;
  const postgres = given === undefined ? await embedded(home) : undefined;
  const demo = process.env['SCEAU_DEMO']?.trim() || (postgres === undefined ? 'no' : 'yes');
  const isDemo = demo === 'yes';
  const environment = {
    ...process.env,
    SCEAU_HOME: home,
    PORT: String(port),
    HOST: host,
    SCEAU_DEMO: isDemo ? undefined : demo,
  };
  await prepare({ ...environment, DATABASE_URL: given ?? postgres?.url }, isDemo, report);

  const roles: Record<string, string> = JSON.parse(await readFile(join(home, 'runtime.json'), 'utf8'));
  // The owner's address is for preparing only: no serving process ever has it.
  const serving = {
    ...roles,
    ...environment,
    DATABASE_URL: undefined,
    KEYSTORE_OWNER_URL: undefined,
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
  };
  const worker = begin('worker', 'worker.js', serving);
  const api = begin('API', 'main.js', serving);
  const failures = [worker.ended, api.ended, ...(postgres === undefined ? [] : [postgres.ended])];
  await Promise.race([Promise.all([worker.ready, api.ready]), ...failures]);
  announce(port, home);
  await Promise.race(failures);
}

async function embedded(home: string): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ home });
  undo.push(() => postgres.stop());
  return postgres;
}

function begin(
  name: string,
  script: string,
  environment: Record<string, string | undefined>,
): ApplicationProcess {
  const child = new ApplicationProcess(name, script, environment);
  undo.push(() => child.stop());
  return child;
}

function announce(port: number, home: string): void {
  const demo = join(home, 'demo.json');
  const url = process.env['PUBLIC_URL']?.trim() || `http://localhost:${port}`;
  const rows = [
    ['API', url],
    ['Reference', `${url}/docs`],
    ...(existsSync(demo)
      ? [['Demo access', `${demo} (agencies’ keys, an auditor’s and an operator’s sign-in)`]]
      : []),
    ['Mail', join(home, 'mail')],
    ['Stop', 'Ctrl-C'],
  ];
  report('');
  report('Sceau is ready.');
  for (const [label = '', value = ''] of rows) report(`  ${label.padEnd(12)} ${value}`);
}

// `disconnect`: whoever started this is gone, and with them the terminal in which it could be stopped.
for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) {
  process.on(event, () => {
    if (stopping === undefined) report('Stopping…');
    void stop().then(() => process.exit(0));
  });
}

try {
  await serve();
} catch (error) {
  // A stop that was asked for makes what is under way fail; that is no failure.
  if (stopping === undefined) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
  await stop();
  process.exit();
}
