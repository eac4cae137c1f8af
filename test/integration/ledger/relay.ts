import { createServer, type Server, Socket } from 'node:net';

/** A way to PostgreSQL that can be cut, or fall silent as a hanging server does. */
export class Relay {
  readonly url: string;
  readonly #server: Server;
  /** Each with the name under which its application has come. */
  readonly #sockets = new Map<Socket, { name: string }>();
  /** Whose connections are silent; '' stands for everybody. */
  #frozen: string | undefined;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  static async to(url: string): Promise<Relay> {
    const target = new URL(url);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('The relay has no port.');
    const own = new URL(url);
    own.hostname = '127.0.0.1';
    own.port = String(address.port);
    const relay = new Relay(server, own.href);
    server.on('connection', (client) => relay.#join(client, target));
    return relay;
  }

  /** @param applicationName only connections that were opened under this name; all of them unless given */
  freeze(applicationName = ''): void {
    this.#frozen = applicationName;
    for (const [socket, { name }] of this.#sockets) if (this.#isFrozen(name)) socket.pause();
  }

  thaw(): void {
    this.#frozen = undefined;
    for (const socket of this.#sockets.keys()) socket.resume();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.keys()) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #isFrozen(name: string): boolean {
    return this.#frozen === '' || this.#frozen === name;
  }

  #join(client: Socket, target: URL): void {
    const server = new Socket().connect(Number(target.port), target.hostname);
    const connection = { name: '' };
    // The first message of a client names its application.
    client.once('data', (bytes) => {
      connection.name = /application_name\0([^\0]*)\0/.exec(bytes.toString('latin1'))?.[1] ?? '';
      if (!this.#isFrozen(connection.name)) return;
      client.pause();
      server.pause();
    });
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.set(from, connection);
      from.on('error', () => undefined);
      from.on('data', (bytes) => to.write(bytes));
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#frozen === '') from.pause();
    }
  }
}
