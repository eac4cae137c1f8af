import { type Exchange, jsonRequest, type Listener, readBody, type RequestOptions } from './exchange.ts';

export interface Download {
  readonly status: number;
  readonly headers: Headers;
  readonly content: Buffer;
}

/** A person's program: plain fetch with a session token once signed in. */
export class PersonClient {
  readonly #base: string;
  readonly #listen: Listener | undefined;
  #token: string | undefined;

  constructor(base: string, listen?: Listener) {
    this.#base = base;
    this.#listen = listen;
  }

  /** The same person at another address of the service. */
  at(base: string): PersonClient {
    const other = new PersonClient(base, this.#listen);
    other.useToken(this.#token);
    return other;
  }

  useToken(token: string | undefined): void {
    this.#token = token;
  }

  /** The header by which this person is known. */
  get authorization(): string {
    return `Bearer ${this.#token ?? ''}`;
  }

  async request(path: string, options: RequestOptions = {}): Promise<Exchange> {
    const authorization = this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` };
    const init = jsonRequest({ ...options, headers: { ...authorization, ...options.headers } });
    const response = await fetch(new URL(path, this.#base), init);
    const exchange: Exchange = {
      method: init.method ?? 'GET',
      path,
      status: response.status,
      headers: response.headers,
      body: await readBody(response),
    };
    this.#listen?.(exchange);
    return exchange;
  }

  /** An answer that is neither text nor JSON, as it comes. */
  async download(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Download> {
    const authorization = this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` };
    const response = await fetch(new URL(path, this.#base), { headers: { ...authorization, ...headers } });
    const content = Buffer.from(await response.arrayBuffer());
    const { status } = response;
    const body = content.length === 0 ? undefined : content.toString('latin1');
    this.#listen?.({ method: 'GET', path, status, headers: response.headers, body });
    return { status, headers: response.headers, content };
  }
}
