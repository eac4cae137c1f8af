import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startEmbeddedPostgres } from '../../tools/embedded-postgres.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const READY = 'Sceau is ready.';
const START_PATIENCE_MS = 120_000;
const STOP_PATIENCE_MS = 30_000;
const POLL_MS = 5;
/** What a command needs to be found and to run. The caller's npm settings and DATABASE_URL must not be measured. */
const PASSED_ON = ['PATH', 'HOME', 'USER', 'LANG', 'TMPDIR'] as const;

export function cleanEnvironment(): Record<string, string> {
  return Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** `npm start` as somebody types it, with a home and a port of its own. */
export class NpmStart {
  readonly #home: string;
  readonly #port: number;
  readonly #child: ChildProcess;
  /** Every process that npm started shares its output, which closes with the last of them. */
  readonly #gone: Promise<void>;
  readonly #announced = Promise.withResolvers<void>();
  #said = '';

  /** @param settings variables of the environment beside those that say where it runs */
  constructor(home: string, port: number, settings: Readonly<Record<string, string>> = {}) {
    this.#home = home;
    this.#port = port;
    this.#child = spawn('npm', ['start'], {
      cwd: ROOT,
      env: { ...cleanEnvironment(), SCEAU_HOME: home, PORT: String(port), LOG_LEVEL: 'error', ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that all of it gets the signal that a terminal sends on Ctrl-C.
      detached: true,
    });
    this.#gone = new Promise((resolve) => this.#child.once('close', () => resolve()));
    this.#child.once('error', (error) => this.#announced.reject(error));
    this.#child.once('close', () => this.#announced.reject(new Error(`npm start has ended: ${this.#said}`)));
    this.#announced.promise.catch(() => undefined);
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk) => {
        this.#said = `${this.#said}${String(chunk)}`.slice(-2_000);
        if (this.#said.includes(READY)) this.#announced.resolve();
      });
  }

  /** Until the line that says so is printed and the API answers. @throws Error when that does not happen */
  async ready(signal: AbortSignal): Promise<void> {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(START_PATIENCE_MS)]);
    await Promise.race([this.#announced.promise, aborted(patience)]);
    while (!(await this.#answers(patience))) await pause(POLL_MS, undefined, { signal: patience });
  }

  async #answers(signal: AbortSignal): Promise<boolean> {
    try {
      const { status } = await fetch(`http://127.0.0.1:${this.#port}/health/ready`, { signal });
      return status === 200;
    } catch {
      signal.throwIfAborted();
      return false;
    }
  }

  /** Ctrl-C, until the last process has ended. */
  async stop(): Promise<void> {
    this.#signal('SIGINT');
    let isKilled = false;
    const timer = setTimeout(() => {
      isKilled = true;
      this.#signal('SIGKILL');
    }, STOP_PATIENCE_MS);
    await this.#gone;
    clearTimeout(timer);
    if (isKilled) await stopDatabase(this.#home);
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

/** A killed starter leaves its database running; the next starter ends that one first. */
async function stopDatabase(home: string): Promise<void> {
  const postgres = await startEmbeddedPostgres({ home });
  await postgres.stop();
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('The run was ended.'));
    };
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}
