import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { auditorToken } from './fixture.js';
import { insertEntries } from './many-entries.js';
import { freePort } from '../../../tools/free-port.ts';
import { INHERITED } from '../../support/inherited.js';

const ENTRIES = 200_000;
const MAIN = join(import.meta.dirname, '..', '..', '..', 'dist', 'main.js');
/** What the objects of the whole process may take, its code included. The export is several times as large. */
const HEAP_MB = 160;
const GROWTH_LIMIT_BYTES = 120 * 1_024 * 1_024;
const SMALL_BYTES = 25 * 1_024 * 1_024;
const LOOK_EVERY_BYTES = 8 * 1_024 * 1_024;

/** The compiled API as a process of its own, so that nothing else is in its memory. */
describe('a large export', () => {
  let sceau: Sceau;
  let api: ChildProcess;
  let url: string;
  let authorization: string;

  beforeAll(async () => {
    sceau = await startSceau();
    authorization = `Bearer ${await auditorToken(sceau)}`;
    await sceau.worker.close();
    await insertEntries(sceau.database, ENTRIES);
    const port = await freePort();
    url = `http://127.0.0.1:${port}/v1/audit/export`;
    api = fork(MAIN, {
      env: {
        ...INHERITED,
        PORT: String(port),
        SCEAU_HOME: sceau.home,
        DATABASE_APP_URL: sceau.database.appUrl,
        DATABASE_AUDITOR_URL: sceau.database.auditorUrl,
        DATABASE_SEQUENCER_URL: sceau.database.sequencerUrl,
        LEDGER_ACK_STAFF: 'staged',
        LOG_LEVEL: 'silent',
      },
      execArgv: [`--max-old-space-size=${HEAP_MB}`],
    });
    await once(api, 'message');
  }, 120_000);

  afterAll(async () => {
    if (api.exitCode === null && api.signalCode === null) {
      const gone = once(api, 'exit');
      api.kill('SIGTERM');
      await gone;
    }
    await sceau.stop();
  });

  const residentBytes = (): number =>
    Number(execFileSync('ps', ['-o', 'rss=', '-p', String(api.pid)], { encoding: 'utf8' })) * 1_024;

  const begin = async (query: string): Promise<ReadableStream<Uint8Array>> => {
    const { status, body } = await fetch(`${url}${query}`, { headers: { authorization } });
    if (status !== 200 || body === null) throw new Error(`The export answers ${status}.`);
    return body;
  };

  async function readAll(
    query: string,
  ): Promise<{ bytes: number; lines: number; highest: number; last: string }> {
    let [bytes, lines, highest, looked, last] = [0, 0, 0, 0, ''];
    for await (const chunk of await begin(query)) {
      const text = Buffer.from(chunk);
      bytes += text.length;
      for (let at = text.indexOf(10); at >= 0; at = text.indexOf(10, at + 1)) lines += 1;
      last = (last + text.toString('latin1')).slice(-2_000);
      if (bytes - looked < LOOK_EVERY_BYTES) continue;
      looked = bytes;
      highest = Math.max(highest, residentBytes());
    }
    return { bytes, lines, highest, last: last.trimEnd().split('\n').at(-1) ?? '' };
  }

  async function readBeginning(bytes: number): Promise<void> {
    let read = 0;
    for await (const chunk of await begin('')) {
      read += chunk.length;
      if (read >= bytes) return;
    }
  }

  it('takes the memory of a small one', async () => {
    // A tenth of it: what a process has allocated once it keeps, whatever it is for.
    await readBeginning(SMALL_BYTES);
    const before = residentBytes();
    const { bytes, lines, highest, last } = await readAll('');
    const { count } = JSON.parse(last);
    expect(count).toBeGreaterThanOrEqual(ENTRIES);
    expect(lines).toBe(count + 1);
    expect(bytes).toBeGreaterThan(2 * GROWTH_LIMIT_BYTES);
    expect(highest).toBeGreaterThan(0);
    expect(highest - before).toBeLessThan(GROWTH_LIMIT_BYTES);
  }, 600_000);

  it('waits for a slow reader, and breaks off visibly when the ledger cannot be read any more', async () => {
    const reader = (await begin('?format=csv')).getReader();
    await reader.read();
    await sceau.database.query('REVOKE SELECT ON audit.leaves FROM sceau_auditor');
    const rest = async (): Promise<void> => {
      for (let done = false; !done;) ({ done } = await reader.read());
    };
    await expect(rest()).rejects.toThrow('terminated');
  }, 60_000);
});
