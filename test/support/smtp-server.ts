import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import selfsigned from 'selfsigned';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { MailSettings } from '../../src/platform/config/settings.js';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly source: string;
  readonly secure: boolean;
}

export const HANG_UP = Symbol('hangs up');

/** How a server answers a recipient: with a code, with a code and a text, such as `550 5.1.1 Unknown.`, or not at all. */
export type Answer = number | string | typeof HANG_UP;

/** What makes a server answer so, whatever the command. */
export function refusal(answer: number | string): Error {
  const [code = '', words = 'Not now.'] = String(answer).split(/ (.*)/, 2);
  return Object.assign(new Error(words), { responseCode: Number(code) });
}

/** A real SMTP server on a free port, with a certificate of its own. */
export class TestSmtpServer {
  readonly received: ReceivedMail[] = [];
  /** Answers to the next recipients, in turn; afterwards each is accepted. */
  readonly answers: Answer[] = [];
  /** What happens before a recipient is answered. */
  beforeAnswer: (() => void) | undefined;
  readonly #server: SMTPServer;
  readonly #folder: string;
  #port = 0;

  private constructor(server: SMTPServer, folder: string) {
    this.#server = server;
    this.#folder = folder;
  }

  static async start(options: SMTPServerOptions = {}): Promise<TestSmtpServer> {
    const folder = await mkdtemp(join(tmpdir(), 'sceau-smtp-'));
    const { private: key, cert } = await selfsigned.generate([{ name: 'commonName', value: 'localhost' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
    });
    await writeFile(join(folder, 'ca.pem'), cert);
    const handlers: SMTPServerOptions = {
      onRcptTo: (_, { id }, done) => {
        started.beforeAnswer?.();
        const answer = started.answers.shift();
        if (answer === HANG_UP) [...server.connections].find((one) => one.id === id)?.close();
        else done(answer === undefined ? null : refusal(answer));
      },
      onData: (stream, session, done) => {
        const { mailFrom, rcptTo } = session.envelope;
        const keep = async (): Promise<void> => {
          const source = await text(stream);
          started.received.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            source,
            secure: session.secure,
          });
        };
        keep().then(() => done(), done);
      },
    };
    const server = new SMTPServer({ key, cert, authOptional: true, ...handlers, ...options });
    const started = new TestSmtpServer(server, folder);
    // A client that does not trust it, or leaves, is no fault of the test.
    server.on('error', () => undefined);
    await started.#listen();
    return started;
  }

  settings(change: Partial<Extract<MailSettings, { mode: 'smtp' }>> = {}): MailSettings {
    return {
      mode: 'smtp',
      url: `smtp://localhost:${this.#port}`,
      from: 'Sceau <ne-pas-repondre@sceau.localhost>',
      requireTls: true,
      authorities: join(this.#folder, 'ca.pem'),
      ...change,
    };
  }

  get port(): number {
    return this.#port;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await rm(this.#folder, { recursive: true, force: true });
  }

  #listen(): Promise<void> {
    return new Promise((resolve) => {
      const listening = this.#server.listen(0, 'localhost', () => {
        const address = listening.address();
        this.#port = typeof address === 'object' && address !== null ? address.port : 0;
        resolve();
      });
    });
  }
}
