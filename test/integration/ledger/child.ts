import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Settings } from '../../../src/platform/config/settings.js';

const SCRIPT = join(import.meta.dirname, '../../support/ledger-child.mjs');

/** An answer that the process has given. */
export interface Acknowledged {
  readonly id: string;
  /** Of `sequenced` answers: the entry's bytes in base64, and its tlog-proof. */
  readonly entry: string | undefined;
  readonly proof: string | undefined;
}

/** A step of a batch at which a process is killed, or stopped as if the machine hung. */
export interface Ending {
  readonly step: string;
  readonly signal: 'SIGKILL' | 'SIGSTOP';
}

type Message = Readonly<Record<string, unknown>>;

/** A process of the ledger of its own, which can be killed. */
export class LedgerChild {
  readonly acknowledged: Acknowledged[] = [];
  readonly refused: string[] = [];
  /** How often it was elected and has found the database in order. */
  elections = 0;
  readonly gone: Promise<void>;
  readonly #child: ChildProcess;
  readonly #waiting = new Set<(message: Message) => void>();

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.gone = new Promise((resolve) => child.once('exit', () => resolve()));
    child.on('message', (message: Message) => this.#hear(message));
  }

  static async start(settings: Settings): Promise<LedgerChild> {
    const child = new LedgerChild(
      fork(SCRIPT, [JSON.stringify(settings)], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        execArgv: [],
      }),
    );
    await child.#heard('ready');
    return child;
  }

  /** @returns once it has had so many answers */
  async append(times: number, acknowledgement: 'staged' | 'sequenced', atOnce = 4): Promise<void> {
    const done = this.#heard('appended');
    this.#child.send({ append: { times, acknowledgement, atOnce } });
    await done;
  }

  /** Begins to compete. */
  sequence(): void {
    this.#child.send({ sequence: true });
  }

  /** @returns once it is elected and has found the database in order, or not */
  async elected(): Promise<boolean> {
    const { elected } = await this.#heard('elected');
    return elected === true;
  }

  /** The process will end there. */
  endAt(end: Ending): void {
    this.#child.send({ end });
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.gone;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.send({ stop: true });
    await this.gone;
  }

  #heard(kind: string): Promise<Message> {
    return new Promise((resolve, reject) => {
      const hear = (message: Message): void => {
        if (!(kind in message)) return;
        this.#waiting.delete(hear);
        resolve(message);
      };
      this.#waiting.add(hear);
      void this.gone.then(() => reject(new Error('The process has ended.')));
    });
  }

  #hear(message: Message): void {
    const { acknowledged, entry, proof, refused, elected } = message;
    if (elected === true) this.elections += 1;
    if (typeof acknowledged === 'string')
      this.acknowledged.push({
        id: acknowledged,
        entry: typeof entry === 'string' ? entry : undefined,
        proof: typeof proof === 'string' ? proof : undefined,
      });
    if (typeof refused === 'string') this.refused.push(refused);
    for (const hear of this.#waiting) hear(message);
  }
}
