import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Bilingual, Failure } from '../../../kernel/errors.js';
import type { StrengthAnswer, StrengthQuestion } from './strength.worker.js';

/** Code points looked at together: the work grows faster than the length. */
const PIECE = 32;
/** How many may wait; each takes some tens of milliseconds. */
const MOST_WAITING = 30;
const RETRY_AFTER = 2;

export interface Strength {
  /** Decimal logarithm of the number of guesses after which it is found. */
  readonly guesses: number;
  readonly advice: Bilingual;
}

/** Estimates passwords in a thread that begins with the first one and ends with the process. */
@Injectable()
export class PasswordStrength implements OnApplicationShutdown {
  readonly #waiting = new Map<number, PromiseWithResolvers<Strength>>();
  #worker: Worker | undefined;
  #asked = 0;

  /** @throws Failure `service_unavailable` with `Retry-After` when too many wait */
  estimate(password: string, known: readonly string[]): Promise<Strength> {
    if (this.#waiting.size >= MOST_WAITING)
      throw new Failure('service_unavailable', { headers: { 'retry-after': String(RETRY_AFTER) } });
    const answer = Promise.withResolvers<Strength>();
    this.#asked += 1;
    this.#waiting.set(this.#asked, answer);
    const question: StrengthQuestion = { id: this.#asked, pieces: piecesOf(password), known };
    this.#worker ??= this.#start();
    this.#worker.ref();
    this.#worker.postMessage(question, []);
    return answer.promise;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL(`./strength.worker${extname(import.meta.url)}`, import.meta.url));
    worker.on('message', ({ id, guesses, advice }: StrengthAnswer) => {
      this.#waiting.get(id)?.resolve({ guesses, advice });
      this.#waiting.delete(id);
      // Idle, it must not keep a process that is done.
      if (this.#waiting.size === 0) worker.unref();
    });
    const ended = (cause?: unknown): void => {
      this.#worker = undefined;
      for (const { reject } of this.#waiting.values()) reject(new Failure('service_unavailable', { cause }));
      this.#waiting.clear();
    };
    worker.on('error', ended);
    worker.on('exit', () => ended());
    return worker;
  }
}

function piecesOf(password: string): readonly string[] {
  const characters = [...password];
  const pieces = Array.from({ length: Math.ceil(characters.length / PIECE) }, (_, index) =>
    characters.slice(index * PIECE, (index + 1) * PIECE).join(''),
  );
  return pieces.length === 0 ? [''] : pieces;
}
