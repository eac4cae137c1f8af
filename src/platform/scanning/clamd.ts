import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Failure } from '../../kernel/errors.js';
import type { ScannerSettings } from '../config/settings.js';
import { MalwareScanner, type Scan, type Verdict } from './malware-scanner.js';

const CONNECT_MS = 5_000;
/** How long clamd may take for anything: a verdict on ten megabytes of nested archives needs some seconds. */
const ANSWER_MS = 60_000;
/** An answer is one short line; whoever sends more is not clamd. */
const MOST_ANSWER_BYTES = 4_096;

/** clamd by its INSTREAM command (clamd(8)): chunks behind their length as a 32-bit number, the last one empty. */
export class Clamd extends MalwareScanner {
  override readonly isPresent = true;
  readonly #place: ScannerSettings;

  constructor(place: ScannerSettings) {
    super();
    this.#place = place;
  }

  override async begin(): Promise<Scan> {
    const socket = connect(this.#place);
    const scan = new Instream(socket);
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_MS) });
    } catch (cause) {
      socket.destroy();
      throw unavailable(cause);
    }
    await scan.command();
    return scan;
  }
}

class Instream implements Scan {
  readonly #socket: Socket;
  readonly #answer: Promise<string>;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error('clamd is silent.')));
    this.#answer = answerOf(socket);
    // Whoever ends the scan hears of it; one that was given up is heard by nobody.
    this.#answer.catch(() => undefined);
  }

  command(): Promise<void> {
    return this.#send(Buffer.from('zINSTREAM\0'));
  }

  async write(bytes: Buffer): Promise<void> {
    // An empty chunk would be the last.
    if (bytes.length === 0) return;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    await this.#send(length);
    await this.#send(bytes);
  }

  async end(): Promise<Verdict> {
    await this.#send(Buffer.alloc(4));
    try {
      return verdictOf(await this.#answer);
    } catch (cause) {
      throw cause instanceof Failure ? cause : unavailable(cause);
    } finally {
      this.#socket.destroy();
    }
  }

  abandon(): void {
    this.#socket.destroy();
  }

  async #send(bytes: Buffer): Promise<void> {
    if (this.#socket.write(bytes)) return;
    // Without a drain the connection has ended, and with it the answer has come or never will.
    await Promise.race([
      once(this.#socket, 'drain').catch((cause: unknown) => {
        throw unavailable(cause);
      }),
      this.#answer.catch((cause: unknown) => {
        throw unavailable(cause);
      }),
    ]);
  }
}

async function answerOf(socket: Socket): Promise<string> {
  let text = '';
  for await (const part of socket) {
    text += String(part);
    if (text.includes('\0')) return text.slice(0, text.indexOf('\0'));
    if (text.length > MOST_ANSWER_BYTES) break;
  }
  throw new Error('clamd has hung up.');
}

/** Only the two answers that there are for a file that was looked into whole; any other is no verdict. */
function verdictOf(answer: string): Verdict {
  if (answer === 'stream: OK') return 'clean';
  if (/^stream: \S+ FOUND$/.test(answer)) return 'infected';
  throw unavailable(new Error('clamd gives no verdict.'));
}

const unavailable = (cause: unknown): Failure =>
  new Failure('scanner_unavailable', { headers: { 'retry-after': '30' }, cause });
