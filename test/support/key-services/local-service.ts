import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';

/** A request as a key service sees it. */
export interface Received {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a service does instead of its work. */
export type Fault =
  /** Takes the request and never answers. */
  | { readonly kind: 'silent' }
  /** Takes the request and answers when the service has recovered. */
  | { readonly kind: 'held' }
  /** Cuts the connection. */
  | { readonly kind: 'reset' }
  /** Announces an answer, sends the first half of it and cuts the connection. */
  | { readonly kind: 'half'; readonly answer: Answer }
  /** Answers with something else. */
  | { readonly kind: 'answer'; readonly answer: Answer };

export interface Identity {
  readonly key: string;
  readonly certificate: string;
}

/** A key service on the loopback: its work is a subclass's, its faults are the same for all. */
export abstract class LocalService {
  /** Every request so far, faults included: what was asked for, such as `POST /v1/transit/encrypt/sceau`. */
  readonly requests: string[] = [];
  readonly #identity: Identity | undefined;
  #server: Server | undefined;
  #port = 0;
  #fault: Fault | undefined;
  /** Requests that the fault still meets. */
  #faulty = 0;
  #waiting: (() => void)[] = [];
  #held: (() => void)[] = [];

  constructor(identity?: Identity) {
    this.#identity = identity;
  }

  get url(): string {
    return `${this.#identity === undefined ? 'http' : 'https'}://127.0.0.1:${this.#port}`;
  }

  /** Starts on a free port, or again on the one it had. */
  start(): Promise<void> {
    const identity = this.#identity;
    const server =
      identity === undefined
        ? createServer()
        : createTlsServer({ key: identity.key, cert: identity.certificate });
    server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        this.#take({ method, url, headers, body: Buffer.concat(parts) }, response);
      });
    });
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', () => {
        const address = server.address();
        if (typeof address === 'object' && address !== null) this.#port = address.port;
        resolve();
      });
    });
  }

  /** Nothing listens any more: connections are refused. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  /** The next requests meet this fault; all of them unless a number is given. */
  fail(fault: Fault, times = Number.POSITIVE_INFINITY): void {
    this.#fault = fault;
    this.#faulty = times;
  }

  /** Works again. */
  recover(): void {
    this.#fault = undefined;
    this.#faulty = 0;
    for (const answer of this.#held.splice(0)) answer();
  }

  /** How often something was asked for. */
  count(pattern: RegExp): number {
    return this.requests.filter((request) => pattern.test(request)).length;
  }

  /** Resolves when something has been asked for so many times. */
  async seen(pattern: RegExp, times: number): Promise<void> {
    while (this.count(pattern) < times) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  protected abstract work(request: Received): Answer;

  /** What a request asks for, in a word or two. */
  protected abstract nameOf(request: Received): string;

  #take(request: Received, response: ServerResponse): void {
    this.requests.push(this.nameOf(request));
    for (const told of this.#waiting.splice(0)) told();
    const fault = this.#faulty > 0 ? this.#fault : undefined;
    this.#faulty -= 1;
    if (fault === undefined) send(response, this.work(request));
    else if (fault.kind === 'held') this.#held.push(() => send(response, this.work(request)));
    else fail(response, fault);
  }
}

function fail(response: ServerResponse, fault: Exclude<Fault, { readonly kind: 'held' }>): void {
  switch (fault.kind) {
    case 'silent':
      break;
    case 'reset':
      response.socket?.resetAndDestroy();
      break;
    case 'half': {
      const text = Buffer.from(JSON.stringify(fault.answer.body ?? {}));
      response.writeHead(fault.answer.status, { 'content-length': text.length });
      response.write(text.subarray(0, text.length / 2), () => response.socket?.destroy());
      break;
    }
    case 'answer':
      send(response, fault.answer);
  }
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

/** A member of something parsed from JSON, if it has one. */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

export function textAt(value: unknown, name: string): string {
  const text = member(value, name);
  return typeof text === 'string' ? text : '';
}
