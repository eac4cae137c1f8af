import { readFile } from 'node:fs/promises';
import { connect as connectPlain, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { connect as connectSecurely } from 'node:tls';
import type { SyslogSink as SyslogSettings } from '../../platform/config/sink-urls.js';
import { type Acceptance, ANSWER_MS, type Publication, type Sink } from './sink.js';
import { framed, syslogMessage } from './syslog-message.js';

/**
 * A message for each checkpoint, over a connection of its own. Syslog acknowledges nothing: what TCP has delivered
 * before both sides have closed counts as taken.
 */
export class SyslogSink implements Sink {
  readonly name: string;
  readonly #settings: SyslogSettings;

  constructor(settings: SyslogSettings) {
    this.name = settings.name;
    this.#settings = settings;
  }

  async publish({ checkpoint }: Publication): Promise<Acceptance> {
    const socket = await this.#connect();
    await deliver(socket, framed(syslogMessage(checkpoint, hostname(), process.pid)));
    return {};
  }

  async #connect(): Promise<Socket> {
    const { host, port, tls, authorities } = this.#settings;
    if (!tls) return connectPlain({ host, port });
    const ca = authorities === undefined ? {} : { ca: await readFile(authorities) };
    return connectSecurely({ host, port, servername: host, ...ca });
  }
}

function deliver(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error('The collector does not answer.')));
    socket.once('error', reject);
    socket.once('close', (hadError) => {
      if (!hadError) resolve();
    });
    // Whatever the collector says, its end is waited for.
    socket.resume();
    socket.end(bytes);
  });
}
