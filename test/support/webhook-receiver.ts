import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { generate } from 'selfsigned';
import { Webhook } from 'standardwebhooks';
import { eventually } from './eventually.js';

/** An event as it came in. */
export interface ReceivedEvent {
  readonly id: string;
  readonly path: string;
  readonly type: string;
  readonly applicationId: string | undefined;
  readonly revision: number | undefined;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a receiver does with an event: a status to answer with, or whatever it does itself. */
export type Reaction = (
  event: ReceivedEvent,
  response: ServerResponse,
  request: IncomingMessage,
) => number | undefined;

/** A receiver of an agency on this machine, with a certificate of its own. */
export class WebhookReceiver {
  /** Every event that came in, whatever was answered. */
  readonly received: ReceivedEvent[] = [];
  reaction: Reaction = () => 204;
  readonly #open = new Map<string, number>();
  readonly #most = new Map<string, number>();
  readonly #server: Server;
  readonly #folder: string;
  #port = 0;

  private constructor(server: Server, folder: string) {
    this.#server = server;
    this.#folder = folder;
  }

  /** @param names hosts besides 127.0.0.1 that its certificate is for */
  static async start(names: readonly string[] = []): Promise<WebhookReceiver> {
    const folder = await mkdtemp(join(tmpdir(), 'sceau-receiver-'));
    const altNames = [
      { type: 7 as const, ip: '127.0.0.1' },
      ...names.map((value) => ({ type: 2 as const, value })),
    ];
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'receiver' }], {
      extensions: [{ name: 'subjectAltName', altNames }],
    });
    await writeFile(join(folder, 'ca.pem'), cert);
    const receiver = new WebhookReceiver(
      createServer({ key, cert }, (request, response) => void receiver.#take(request, response)),
      folder,
    );
    // Who does not trust it, or leaves, is no fault of the test.
    receiver.#server.on('tlsClientError', () => undefined);
    await new Promise<void>((ready) => receiver.#server.listen(0, '127.0.0.1', ready));
    const address = receiver.#server.address();
    receiver.#port = typeof address === 'object' && address !== null ? address.port : 0;
    return receiver;
  }

  /** File with the authority that its certificate is from. */
  get authorities(): string {
    return join(this.#folder, 'ca.pem');
  }

  url(path = '/', host = '127.0.0.1'): string {
    return `https://${host}:${this.#port}${path}`;
  }

  /** Those of a path, once there are so many. */
  events(path: string, count: number): Promise<readonly ReceivedEvent[]> {
    return eventually(`${count} events at ${path}`, () => {
      const found = this.received.filter((event) => event.path === path);
      return Promise.resolve(found.length >= count ? found : undefined);
    });
  }

  /** How many requests to a path waited for their answer at the same time, at the most. */
  mostAtOnce(path: string): number {
    return this.#most.get(path) ?? 0;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((closed) => this.#server.close(() => closed()));
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    this.#count(request.url ?? '', 1);
    response.on('close', () => this.#count(request.url ?? '', -1));
    const body = await text(request).catch(() => '');
    const event = eventOf(request, body);
    this.received.push(event);
    const status = this.reaction(event, response, request);
    if (status !== undefined) response.writeHead(status).end();
  }

  #count(path: string, more: 1 | -1): void {
    const open = (this.#open.get(path) ?? 0) + more;
    this.#open.set(path, open);
    this.#most.set(path, Math.max(open, this.mostAtOnce(path)));
  }
}

interface Payload {
  readonly type: string;
  readonly data: { readonly applicationId?: string; readonly revision?: number };
}

function eventOf(request: IncomingMessage, body: string): ReceivedEvent {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const { type, data }: Payload = JSON.parse(body);
  return {
    id: headers['webhook-id'] ?? '',
    path: request.url ?? '',
    type,
    applicationId: data.applicationId,
    revision: data.revision,
    body,
    headers,
  };
}

/** Whether the specification's own library takes an event for one signed with a secret. */
export function isSigned({ body, headers }: ReceivedEvent, secret: string): boolean {
  try {
    new Webhook(secret).verify(body, { ...headers });
    return true;
  } catch {
    return false;
  }
}
