import { styleText } from 'node:util';
import type { Exchange, Listener } from '../client/exchange.ts';

/** A step that did not do what it says. */
class TourFailed extends Error {
  override readonly name = 'TourFailed';
}

/** Tells the tour to whoever watches, one line a request, and stops at the first surprise. */
export class Narrator {
  readonly #write: (line: string) => void;
  readonly #watch: Listener | undefined;
  #checks = 0;
  #requests = 0;

  /** @param watch sees every exchange, for whoever wants to know more than is told */
  constructor(write: (line: string) => void, watch?: Listener) {
    this.#write = write;
    this.#watch = watch;
  }

  get checks(): number {
    return this.#checks;
  }

  get requests(): number {
    return this.#requests;
  }

  chapter(title: string): void {
    this.#write('');
    this.#write(styleText('bold', title));
  }

  /** One sentence of the story. */
  say(sentence: string): void {
    this.#write(`  ${sentence}`);
  }

  readonly listen = (exchange: Exchange): void => {
    this.#requests += 1;
    this.#watch?.(exchange);
    const colour = exchange.status < 400 ? 'green' : 'yellow';
    const status = styleText(colour, String(exchange.status));
    this.#write(`    ${exchange.method.padEnd(6)} ${exchange.path.padEnd(76)} ${status}`);
  };

  /** Checks a claim of the story. */
  check(claim: string, holds: boolean): void {
    if (!holds) throw new TourFailed(claim);
    this.#checks += 1;
    this.#write(`    ${styleText('green', '✓')} ${claim}`);
  }

  /** Checks an answer's status and, for a refusal, its stable code. */
  expect(exchange: Exchange, claim: string, status: number, code?: string): void {
    const found = code === undefined ? undefined : member(exchange.body, 'code');
    if (exchange.status !== status || found !== code) {
      const answered = member(exchange.body, 'code');
      const wanted = code === undefined ? String(status) : `${status} ${code}`;
      const got = typeof answered === 'string' ? `${exchange.status} ${answered}` : String(exchange.status);
      throw new TourFailed(`${claim}: expected ${wanted}, got ${got}`);
    }
    this.check(claim, true);
  }
}

/** A member of an answer, by its path; `undefined` when there is none. */
export function member(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (node, key) => (typeof node === 'object' && node !== null ? Reflect.get(node, key) : undefined),
    value,
  );
}

/** A text that the answer must have at this path. */
export function text(value: unknown, ...path: readonly (string | number)[]): string {
  const found = member(value, ...path);
  if (typeof found !== 'string') throw new TourFailed(`The answer has no text at ${path.join('.')}.`);
  return found;
}

/** A list that the answer must have at this path. */
export function list(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = member(value, ...path);
  if (!Array.isArray(found)) throw new TourFailed(`The answer has no list at ${path.join('.')}.`);
  return found;
}
