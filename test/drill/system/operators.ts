import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import type { Environment } from '../../../tools/application-process.ts';
import { listen, stopListening } from '../../support/witness/listening.ts';

/** Whom the product's alerts are mailed to. */
export const OPERATORS_ADDRESS = 'exploitation@sceau.example.fr';
const SECRET = `whsec_${randomBytes(32).toString('base64')}`;

/** The operators' own receiver, to which each alert is posted besides. */
export class AlertReceiver {
  readonly #posted: string[] = [];
  readonly #server = createServer((request, response) => {
    void this.#take(request)
      .then(() => 204)
      .catch(() => 401)
      .then((status) => response.writeHead(status).end());
  });

  /** @returns by which the product finds both */
  async start(): Promise<Environment> {
    const port = await listen(this.#server);
    return {
      ALERT_MAIL: OPERATORS_ADDRESS,
      ALERT_WEBHOOK: `http://127.0.0.1:${port}/alertes`,
      ALERT_WEBHOOK_SECRET: SECRET,
      ALERT_WEBHOOK_INTERNAL: 'yes',
    };
  }

  /** The bodies of all that was posted and is signed, oldest first. */
  get posted(): readonly string[] {
    return this.#posted;
  }

  stop(): Promise<void> {
    return stopListening(this.#server);
  }

  /** @throws where it is not signed */
  async #take(request: IncomingMessage): Promise<void> {
    const body = await text(request);
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
    new Webhook(SECRET).verify(body, Object.fromEntries(headers));
    this.#posted.push(body);
  }
}
