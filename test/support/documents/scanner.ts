import { connect, createServer, type Server, type Socket } from 'node:net';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScannerSettings } from '../../../src/platform/config/settings.js';
import { eventually } from '../eventually.js';
import { listen, stopListening } from '../witness/listening.ts';

/** The test file that every scanner takes for malware (EICAR), put together so that none takes this file for it. */
export const EICAR = Buffer.from(
  ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE', '!$H+H*'].join(''),
);

export interface TestScanner {
  readonly name: string;
  readonly settings: ScannerSettings;
  stop(): Promise<void>;
}

/** What a scanner of the protocol answers to what it was sent. */
export type Reaction = (content: Buffer) => string | undefined;

/** clamd's INSTREAM command as its manual describes it, and one signature. `undefined`: it hangs up without a word. */
export class ProtocolScanner implements TestScanner {
  readonly name = 'a server of clamd’s protocol';
  /** Whatever was sent whole. */
  readonly scanned: Buffer[] = [];
  reaction: Reaction = (content) =>
    `stream: ${content.includes(EICAR) ? 'Eicar-Test-Signature FOUND' : 'OK'}\0`;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port = 0;

  constructor() {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => undefined);
      void this.#serve(socket).catch(() => socket.destroy());
    });
  }

  get settings(): ScannerSettings {
    return { host: '127.0.0.1', port: this.#port };
  }

  /** Connections that are open: a scan that was given up has none. */
  get underWay(): number {
    return this.#sockets.size;
  }

  async start(): Promise<void> {
    this.#port = await listen(this.#server, this.#port);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await stopListening(this.#server);
  }

  async #serve(socket: Socket): Promise<void> {
    let bytes = Buffer.alloc(0);
    for await (const piece of socket) {
      bytes = Buffer.concat([bytes, Buffer.from(piece)]);
      const content = contentOf(bytes);
      if (content === undefined) continue;
      this.scanned.push(content);
      const answer = this.reaction(content);
      if (answer === undefined) socket.destroy();
      else socket.end(answer);
      return;
    }
  }
}

const COMMAND = 'zINSTREAM\0';

/** @returns what was sent, once it is whole */
function contentOf(bytes: Buffer): Buffer | undefined {
  if (!bytes.subarray(0, COMMAND.length).equals(Buffer.from(COMMAND))) {
    if (bytes.length >= COMMAND.length) throw new Error('Not the command.');
    return undefined;
  }
  const parts: Buffer[] = [];
  for (let at = COMMAND.length; at + 4 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (length === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return undefined;
}

/** Where Debian puts it, which is on the path of the superuser only. */
const CLAMD = ['clamd', '/usr/sbin/clamd'];

/** clamd itself with one signature of our own, when it is on this machine. */
export async function startClamd(): Promise<TestScanner | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'sceau-clamd-'));
  // clamd lays off root's rights, and then has to read what is here.
  await chmod(folder, 0o755);
  const path = join(folder, 'clamd.sock');
  const options = ['--config-file', await configure(folder, path)];
  const versions = CLAMD.map((command) => {
    // It does not even tell its version without a configuration.
    const { status, stdout } = spawnSync(command, [...options, '--version'], { encoding: 'utf8' });
    return { command, isThere: status === 0, version: stdout };
  });
  const found = versions.find(({ isThere }) => isThere);
  if (found === undefined) {
    await rm(folder, { recursive: true });
    return undefined;
  }
  const child = spawn(found.command, options, { stdio: 'ignore' });
  const gone = once(child, 'exit');
  await eventually('clamd to listen', () => isListening(path));
  return {
    name: found.version.trim(),
    settings: { path },
    stop: async () => {
      child.kill();
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function configure(folder: string, socket: string): Promise<string> {
  const signatures = join(folder, 'signatures');
  await mkdir(signatures, { mode: 0o755 });
  await writeFile(join(signatures, 'test.ndb'), `Sceau.Eicar:0:*:${EICAR.toString('hex')}\n`);
  const lines = [
    `LocalSocket ${socket}`,
    `DatabaseDirectory ${signatures}`,
    'Foreground yes',
    'StreamMaxLength 20M',
    ...(process.getuid?.() === 0 ? ['User root'] : []),
  ];
  const configuration = join(folder, 'clamd.conf');
  await writeFile(configuration, `${lines.join('\n')}\n`);
  return configuration;
}

async function isListening(path: string): Promise<true | undefined> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}
