import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import { once } from 'node:events';
import { TLSSocket } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { selfSigned } from './key-services/certificate.js';
import type { Identity } from './key-services/local-service.js';

/** What ends TLS in front of the product: asks for a certificate, forwards it (RFC 9440), and nobody else's header. */
export class TlsTerminator {
  readonly identity: Identity = selfSigned();
  readonly #server: Server;

  private constructor(port: number) {
    const options = {
      key: this.identity.key,
      cert: this.identity.certificate,
      requestCert: true,
      // As with registered certificates: possession of the key is proven, by whom is not looked at.
      rejectUnauthorized: false,
    };
    this.#server = createServer(options, (incoming, answer) => {
      const { 'client-cert': _, ...headers } = incoming.headers;
      const { socket, method, url: path } = incoming;
      const der = socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.raw : undefined;
      const forwarded = der === undefined ? {} : { 'client-cert': `:${der.toString('base64')}:` };
      const outgoing = request(
        { host: '127.0.0.1', port, method, path, headers: { ...headers, ...forwarded } },
        (response) => {
          answer.writeHead(response.statusCode ?? 502, response.headers);
          response.pipe(answer);
        },
      );
      outgoing.on('error', () => answer.destroy());
      incoming.pipe(outgoing);
    });
  }

  /** @param port of the product on this machine */
  static async start(port: number): Promise<TlsTerminator> {
    const terminator = new TlsTerminator(port);
    terminator.#server.listen(0, '127.0.0.1');
    await once(terminator.#server, 'listening');
    return terminator;
  }

  get url(): string {
    const address: AddressInfo | string | null = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('It does not listen.');
    return `https://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
