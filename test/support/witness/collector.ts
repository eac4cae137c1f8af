import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { listen, stopListening } from './listening.ts';

/** A syslog collector: TCP or TLS, octet counting (RFC 6587 §3.4.1). */
export class Collector {
  readonly messages: string[] = [];
  /** What could not be read as frames. */
  readonly garbage: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port = 0;

  /** @param identity of the server, in PEM; without one it speaks plain TCP */
  constructor(identity?: { readonly key: string; readonly cert: string }) {
    const take = (socket: Socket): void => this.#take(socket);
    this.#server = identity === undefined ? createServer(take) : createSecureServer(identity, take);
  }

  get port(): number {
    return this.#port;
  }

  async start(): Promise<void> {
    this.#port = await listen(this.#server, this.#port);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await stopListening(this.#server);
  }

  #take(socket: Socket): void {
    this.#sockets.add(socket);
    const parts: Buffer[] = [];
    socket.on('data', (part) => parts.push(Buffer.from(part)));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('end', () => {
      let rest = Buffer.concat(parts);
      while (rest.length > 0) {
        const [, count] = /^([1-9]\d*) /.exec(rest.toString('latin1')) ?? [];
        const begin = (count?.length ?? 0) + 1;
        const end = begin + Number(count);
        if (count === undefined || rest.length < end) {
          this.garbage.push(rest.toString('utf8'));
          return;
        }
        this.messages.push(rest.subarray(begin, end).toString('utf8'));
        rest = rest.subarray(end);
      }
    });
  }
}
