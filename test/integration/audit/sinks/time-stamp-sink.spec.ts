import { createServer, type IncomingMessage, type Server } from 'node:http';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Randomness } from '../../../../src/kernel/randomness.js';
import type { Publication } from '../../../../src/ledger/witness/sink.js';
import { TimeStampSink } from '../../../../src/ledger/witness/time-stamp-sink.js';
import { listen, stopListening } from '../../../support/witness/listening.ts';

/** Draws what the recorded answers were asked with. */
class Recorded extends Randomness {
  readonly #bytes: Buffer;

  constructor(hex: string) {
    super();
    this.#bytes = Buffer.from(hex, 'hex');
  }

  override bytes(length: number): Buffer {
    return this.#bytes.subarray(0, length);
  }
}

interface Vectors {
  readonly note: string;
  readonly nonce: string;
  readonly authority: string;
  readonly request: string;
  readonly answers: Readonly<Record<'rsa' | 'refused', string>>;
}

const NAME = '000001-0000000000000042';

describe('the sink that is an authority for time stamps', () => {
  let folder: string;
  let vectors: Vectors;
  let server: Server;
  let port: number;
  let answer: { status: number; body: Buffer };
  const seen: { readonly type: string | undefined; readonly body: Buffer }[] = [];

  const take = async (request: IncomingMessage): Promise<void> => {
    seen.push({ type: request.headers['content-type'], body: await buffer(request) });
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sceau-stamps-'));
    vectors = JSON.parse(
      await readFile(join(import.meta.dirname, '../../../vectors/ledger/rfc3161.json'), 'utf8'),
    );
    await writeFile(join(folder, 'ca.pem'), vectors.authority);
    answer = { status: 200, body: Buffer.from(vectors.answers.rsa, 'base64') };
    server = createServer((request, response) => {
      void take(request).then(() => response.writeHead(answer.status).end(answer.body));
    });
    port = await listen(server, 0);
    seen.length = 0;
  });
  afterEach(async () => {
    await stopListening(server);
    await rm(folder, { recursive: true, force: true });
  });

  const publish = (more: Partial<Publication['checkpoint']> = {}) => {
    const url = `http://127.0.0.1:${port}/tsr`;
    const sink = new TimeStampSink(
      { kind: 'timeStamps', name: `rfc3161+${url}`, url, authorities: join(folder, 'ca.pem') },
      join(folder, 'time-stamps'),
      new Recorded(vectors.nonce),
    );
    return sink.publish({
      checkpoint: { epoch: 1, size: 42, note: vectors.note, at: new Date(0), ...more },
      known: 0,
      consistency: () => Promise.resolve([]),
    });
  };
  const kept = (): Promise<readonly string[]> => readdir(join(folder, 'time-stamps')).catch(() => []);

  it('keeps the note and its stamp, outside the database', async () => {
    expect(await publish()).toEqual({});
    expect(seen).toMatchObject([{ type: 'application/timestamp-query' }]);
    expect(seen[0]?.body.toString('base64')).toBe(vectors.request);
    const stamp = `${NAME}.127.0.0.1_${port}_tsr.tsr`;
    expect((await kept()).toSorted()).toEqual([stamp, `${NAME}.note`].toSorted());
    expect(await readFile(join(folder, 'time-stamps', `${NAME}.note`), 'utf8')).toBe(vectors.note);
    const stored = await readFile(join(folder, 'time-stamps', stamp));
    expect(stored.toString('base64')).toBe(vectors.answers.rsa);
  });

  it('keeps nothing that is not good', async () => {
    await expect(publish({ note: 'another\n' })).rejects.toMatchObject({ objection: 'not_cosigned' });
    answer = { status: 200, body: Buffer.from(vectors.answers.refused, 'base64') };
    await expect(publish()).rejects.toMatchObject({ objection: 'refused' });
    answer = { status: 200, body: Buffer.alloc(100_000) };
    await expect(publish()).rejects.toThrow('says too much');
    answer = { status: 503, body: Buffer.from('later') };
    await expect(publish()).rejects.toThrow('The authority answers 503.');
    expect(await kept()).toEqual([]);
  });

  it('fails when nobody listens', async () => {
    await stopListening(server);
    await expect(publish()).rejects.toThrow('fetch failed');
    server = createServer();
    await listen(server, 0);
    expect(await kept()).toEqual([]);
  });
});
