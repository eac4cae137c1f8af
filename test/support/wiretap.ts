import { spyOn } from 'jest-mock';

/** One text that passed over the wire, and the name of the member or header that held it. */
export interface Heard {
  readonly name: string;
  readonly text: string;
}

/** What people and programs sent, and what they were given for signing in. */
export class Wiretap {
  readonly #entered = new Map<string, Heard>();
  readonly #given = new Map<string, Heard>();
  readonly #original = globalThis.fetch;
  readonly #spy = spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    this.#hearRequest(init ?? {});
    const answer = await this.#original(input, init);
    this.#hear(this.#given, '', parsed(await answer.clone().text()));
    return answer;
  });

  /** Every text, and every object as JSON, that was in the body or credentials of a request. */
  get entered(): readonly Heard[] {
    return [...this.#entered.values()];
  }

  /** Texts of answers under any of these names. */
  given(...names: readonly string[]): readonly Heard[] {
    return [...this.#given.values()].filter(({ name }) => names.includes(name));
  }

  stop(): void {
    this.#spy.mockRestore();
  }

  #hearRequest({ body, headers }: RequestInit): void {
    const sent = new Headers(headers);
    for (const name of ['authorization', 'dpop', 'idempotency-key']) {
      const value = sent.get(name)?.split(' ').at(-1);
      if (value !== undefined) this.#hear(this.#entered, name, value);
    }
    if (body instanceof URLSearchParams) {
      for (const [name, value] of body) this.#hear(this.#entered, name, value);
    } else if (body instanceof FormData) {
      // Of a file its name; its bytes are looked for by the tests of documents.
      for (const [name, value] of body)
        this.#hear(this.#entered, name, typeof value === 'string' ? value : value.name);
    } else if (typeof body === 'string') this.#hear(this.#entered, 'body', parsed(body));
    else if (body !== undefined && body !== null) throw new Error('A body that the wiretap cannot read.');
  }

  #hear(into: Map<string, Heard>, name: string, value: unknown): void {
    if (typeof value === 'string') {
      if (value !== '') into.set(`${name}: ${value}`, { name, text: value });
      return;
    }
    if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return;
    for (const text of [JSON.stringify(value), JSON.stringify(sorted(value))]) {
      into.set(text, { name, text });
    }
    for (const [key, member] of Object.entries(value)) {
      this.#hear(into, Array.isArray(value) ? name : key, member);
    }
  }
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

/** The same with members in the order of their names, at the top: as canonical JSON has it. */
function sorted(value: object): unknown {
  if (Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
