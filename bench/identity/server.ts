import { type ChildProcess, execFile, fork } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cleanEnvironment } from '../harness/npm-start.ts';
import type { Prepared } from './installation.ts';
import { DIST } from './product.ts';
import { freePort } from '../../tools/free-port.ts';

/** The compiled API in a process of its own, which takes the word of whoever asks for their address. */
export interface Server {
  readonly url: string;
  /** Resident memory now, in MiB. */
  memory(): Promise<number>;
}

export async function withServer<Result>(
  { environment }: Prepared,
  settings: Readonly<Record<string, string>>,
  work: (server: Server) => Promise<Result>,
): Promise<Result> {
  const port = await freePort();
  const child = fork(join(DIST, 'main.js'), {
    env: {
      ...cleanEnvironment(),
      ...environment,
      PORT: String(port),
      TRUSTED_PROXIES: '127.0.0.1',
      LOG_LEVEL: 'silent',
      ...settings,
    },
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    await ready(child);
    return await work({ url: `http://127.0.0.1:${port}`, memory: () => memoryOf(child) });
  } finally {
    child.kill('SIGTERM');
    await gone;
  }
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', () => reject(new Error('The API has ended before it was ready.')));
  });
}

async function memoryOf({ pid }: ChildProcess): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout.trim()) / 1_024;
}
