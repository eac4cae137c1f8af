import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Sceau } from '../../support/sceau.js';
import { freePort } from '../../../tools/free-port.ts';

const SCRIPT = join(import.meta.dirname, '../../support/api-process.mjs');

/** More processes of an installation's API, each the compiled product on a port of its own. */
export interface ApiProcesses {
  readonly urls: readonly string[];
  stop(): Promise<void>;
}

export async function startApiProcesses(sceau: Sceau, count: number): Promise<ApiProcesses> {
  const started = await Promise.all(Array.from({ length: count }, () => start(sceau)));
  return {
    urls: started.map(({ url }) => url),
    stop: async () => {
      await Promise.all(started.map(({ child }) => end(child)));
    },
  };
}

async function start(sceau: Sceau): Promise<{ url: string; child: ChildProcess }> {
  const port = await freePort();
  const settings = { ...sceau.settings, http: { ...sceau.settings.http, port } };
  const child = fork(SCRIPT, [JSON.stringify(settings)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  await once(child, 'message');
  return { url: `http://127.0.0.1:${port}`, child };
}

async function end(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.disconnect();
  await gone;
}
