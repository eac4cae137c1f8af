import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Bodies straight to files and files straight out: what streaming costs without anything being done to the bytes. */
const folder = await mkdtemp(join(tmpdir(), 'sceau-bench-plain-'));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'POST') {
    const name = randomUUID();
    await pipeline(request, createWriteStream(join(folder, name), { flush: true }));
    response.end(name);
    return;
  }
  const path = join(folder, (request.url ?? '').replaceAll('/', ''));
  response.setHeader('content-length', (await stat(path)).size);
  await pipeline(createReadStream(path), response);
}

const server = createServer(
  (request, response) => void answer(request, response).catch(() => response.destroy()),
);
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.send?.('ready'));
process.once('SIGTERM', () => void rm(folder, { recursive: true }).then(() => process.exit(0)));
