import { type ChildProcess, fork, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Refusal } from './home.ts';

const DIST = join(import.meta.dirname, '..', 'dist');
const STOP_PATIENCE_MS = 15_000;

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ProcessOptions {
  /** File descriptor of what it says; ours, unless told. */
  readonly output?: number;
  /** Options of Node's own. */
  readonly nodeOptions?: readonly string[];
  readonly folder?: string;
}

/** One process of the compiled application. It stops by itself when its channel to us closes. */
export class ApplicationProcess {
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  readonly ready: Promise<void>;
  /** Rejects when the process ends without having been asked. */
  readonly ended: Promise<never>;
  #isAsked = false;

  constructor(
    name: string,
    script: string,
    environment: Environment,
    { output, nodeOptions = [], folder }: ProcessOptions = {},
  ) {
    // A group of its own: a Ctrl-C in the terminal comes to us, and we stop the processes in order.
    this.#child = fork(join(DIST, script), {
      env: { ...environment },
      execArgv: [...nodeOptions],
      ...(folder === undefined ? {} : { cwd: folder }),
      stdio: ['ignore', output ?? 'inherit', output ?? 'inherit', 'ipc'],
      detached: true,
    });
    this.#gone = new Promise((resolve) => this.#child.once('exit', () => resolve()));
    this.ready = new Promise((resolve) => this.#child.once('message', () => resolve()));
    this.ended = this.#gone.then(() => {
      if (this.#isAsked) return new Promise<never>(() => undefined);
      throw new Refusal(`The ${name} has stopped unexpectedly; everything else is stopped as well.`);
    });
    this.ended.catch(() => undefined);
  }

  /** @throws Refusal when it never came to be */
  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Refusal('The process could not be started.');
    return pid;
  }

  async stop(): Promise<void> {
    this.#isAsked = true;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_PATIENCE_MS);
    await this.#gone;
    clearTimeout(timer);
  }
}

/** Runs the application's `prepare` and passes on what it says. @throws Refusal with its own sentence */
export function prepare(
  environment: Environment,
  isDemo: boolean,
  report: (line: string) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const args = [join(DIST, 'cli', 'main.js'), 'prepare', ...(isDemo ? ['--demo'] : [])];
    const child = spawn(process.execPath, args, {
      env: { ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let complaint = '';
    child.stdout.on('data', (chunk) => String(chunk).trim().split('\n').filter(Boolean).forEach(report));
    child.stderr.on('data', (chunk) => (complaint += String(chunk)));
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Refusal(complaint.trim() || 'The database could not be prepared.'));
    });
  });
}
