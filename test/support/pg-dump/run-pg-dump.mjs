/**
 * pg_dump, compiled to WebAssembly, of the database at `DUMPED_URL`; the SQL goes to standard output. It is made for a
 * PostgreSQL within the same process and waits for no answer: in the place of that one stands a connection to a server.
 */
import { once } from 'node:events';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { pgDump } from '@electric-sql/pglite-tools/pg_dump';

const url = new URL(process.env.DUMPED_URL);
const answered = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
const { port1: link, port2: far } = new MessageChannel();
const worker = new Worker(new URL('server-link.mjs', import.meta.url), {
  workerData: { host: url.hostname, port: Number(url.port), answered, link: far },
  transferList: [far],
});
await once(worker, 'online');

const server = {
  query: () => Promise.resolve({ rows: [{ search_path: '' }] }),
  exec: () => Promise.resolve([]),
  /** Nothing else runs here meanwhile: pg_dump reads the answer as soon as this returns. */
  execProtocolRawStream(bytes, { onRawData }) {
    Atomics.store(answered, 0, 0);
    const said = bytes.slice();
    link.postMessage(said, [said.buffer]);
    Atomics.wait(answered, 0, 0);
    onRawData(receiveMessageOnPort(link).message);
  },
};
const address = Object.entries({
  dbname: url.pathname.slice(1),
  user: decodeURIComponent(url.username),
  password: decodeURIComponent(url.password),
  sslmode: 'disable',
}).map(([name, value]) => `${name}='${value.replaceAll(/['\\]/g, '\\$&')}'`);
try {
  const dump = await pgDump({ pg: server, args: ['--dbname', address.join(' ')] });
  process.stdout.write(await dump.text());
} finally {
  await worker.terminate();
}
