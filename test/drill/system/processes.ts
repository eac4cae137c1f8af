import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { ApplicationProcess, type Environment } from '../../../tools/application-process.ts';
import { freePort } from '../../../tools/free-port.ts';
import { SNAPSHOT_OPTIONS } from '../../support/heap-snapshot.js';

/** One process of the built product, with what it has written. */
export interface DrilledProcess {
  readonly pid: number;
  /** File with all that it has said, at the level `debug`. */
  readonly log: string;
  readonly metrics: string;
  stop(): Promise<void>;
}

/**
 * Starts a process of the build as `npm start` does.
 * @param folder where its log goes, and its heap snapshot when it is sent SIGUSR2
 */
export async function startProcess(
  script: 'main.js' | 'worker.js',
  folder: string,
  environment: Environment,
): Promise<DrilledProcess> {
  const name = script === 'main.js' ? 'API' : 'worker';
  const metricsPort = await freePort();
  const log = join(folder, `${name.toLowerCase()}-${metricsPort}.log`);
  const output = openSync(log, 'a', 0o600);
  const child = new ApplicationProcess(
    name,
    script,
    { ...environment, METRICS_PORT: String(metricsPort) },
    { output, folder, nodeOptions: SNAPSHOT_OPTIONS },
  );
  closeSync(output);
  await Promise.race([child.ready, child.ended]);
  const metrics = `http://127.0.0.1:${metricsPort}/metrics`;
  return { pid: child.pid, log, metrics, stop: () => child.stop() };
}
