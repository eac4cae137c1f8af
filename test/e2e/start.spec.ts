import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../tools/free-port.ts';
import { INHERITED } from '../support/inherited.js';

const SERVE = join(import.meta.dirname, '../../tools/serve.ts');

/** What `npm start` runs once everything is installed and built. */
describe('npm start', () => {
  let home: string;
  let port: number;
  const started: ChildProcess[] = [];

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'sceau-start-'));
    port = await freePort();
  });

  afterAll(async () => {
    for (const child of started) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(home, { recursive: true, force: true });
  });

  /** Starts one and waits until it is ready or has ended. @returns what it has said so far */
  async function start(
    environment: Record<string, string> = {},
  ): Promise<{ child: ChildProcess; said: string }> {
    const child = spawn(process.execPath, [SERVE], {
      env: { ...INHERITED, SCEAU_HOME: home, PORT: String(port), ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    started.push(child);
    let said = '';
    const ready = new Promise<void>((resolve) => {
      child.stdout?.on('data', (chunk) => {
        said += String(chunk);
        if (said.includes('Ctrl-C')) resolve();
      });
      child.stderr?.on('data', (chunk) => (said += String(chunk)));
    });
    await Promise.race([ready, once(child, 'close')]);
    return { child, said };
  }

  const firstVacancy = async (): Promise<unknown> =>
    (await fetch(`http://127.0.0.1:${port}/v1/vacancies?limit=1`)).json();

  it('is ready with a demo, keeps it over a stop, and ends with whoever started it', async () => {
    const first = await start();
    expect(first.said).toMatch(/Demo loaded: \d agencies, \d\d vacancies\./);
    expect(first.said).toContain(`http://localhost:${port}/docs`);
    expect(first.said).toContain(join(home, 'demo.json'));
    const vacancy = await firstVacancy();
    first.child.kill('SIGINT');
    expect(await once(first.child, 'exit')).toEqual([0, null]);

    const second = await start();
    expect(second.said).not.toContain('Demo loaded');
    expect(await firstVacancy()).toEqual(vacancy);

    const twin = await start({ PORT: String(await freePort()) });
    expect(twin.said).toMatch(/^Sceau is running from \S+ already \(process \d+\)\. [^\n]+\n$/);
    expect(twin.child.exitCode).toBe(1);

    second.child.disconnect();
    expect(await once(second.child, 'exit')).toEqual([0, null]);
    await expect(firstVacancy()).rejects.toThrow(/fetch failed/);
  }, 120_000);

  it.each<[string, Record<string, string>, RegExp]>([
    ['a port that is none', { PORT: '65536' }, /^PORT must be a whole number from 1 to 65535\.\n$/],
    [
      'an address that is not ours',
      { HOST: '203.0.113.1' },
      /^This machine has no address 203\.0\.113\.1 [^\n]+\n$/,
    ],
    [
      'a database that does not answer',
      { DATABASE_URL: 'postgres://owner:hunter2@127.0.0.1:1/x' },
      /^sceau: the database cannot be reached \(ECONNREFUSED\)\. Check DATABASE_URL\.\n$/,
    ],
    [
      'a folder that cannot be',
      { SCEAU_HOME: '/dev/null/x' },
      /^The folder \/dev\/null\/x cannot be written [^\n]+\n$/,
    ],
  ])('ends on %s with one sentence', async (_, environment, sentence) => {
    const { child, said } = await start(environment);
    expect(said).toMatch(sentence);
    expect(child.exitCode).toBe(1);
    expect(await readFile(join(home, 'running.pid'), 'utf8').catch(() => 'free')).toBe('free');
  });
});
