import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalKeyring } from '../../src/sealing/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { freePort } from '../../tools/free-port.ts';
import { INHERITED } from '../support/inherited.js';

const DIST = join(import.meta.dirname, '..', '..', 'dist');

/** The compiled application as it is deployed: import order, decorators and circles show here and nowhere else. */
describe('the built application', () => {
  let database: TestDatabase;
  let home: string;
  const started: ChildProcess[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    home = await mkdtemp(join(tmpdir(), 'sceau-boot-'));
    await createLocalKeyring(join(home, 'keyring.json'));
  });

  afterAll(async () => {
    for (const child of started) child.kill('SIGKILL');
    await database.drop();
    await rm(home, { recursive: true, force: true });
  });

  function start(
    script: string,
    environment: Record<string, string>,
  ): { child: ChildProcess; output: () => string } {
    const child = fork(join(DIST, script), {
      env: { ...INHERITED, ...environment },
      execArgv: [],
      silent: true,
    });
    started.push(child);
    let text = '';
    child.stdout?.on('data', (chunk) => (text += String(chunk)));
    child.stderr?.on('data', (chunk) => (text += String(chunk)));
    return { child, output: () => text };
  }

  const environment = (port: number): Record<string, string> => ({
    PORT: String(port),
    SCEAU_HOME: home,
    DATABASE_APP_URL: database.appUrl,
    DATABASE_AUDITOR_URL: database.auditorUrl,
    DATABASE_SEQUENCER_URL: database.sequencerUrl,
  });

  it('serves, works and stops when asked', async () => {
    const port = await freePort();
    const worker = start('worker.js', environment(port));
    const api = start('main.js', environment(port));
    await Promise.all([once(api.child, 'message'), once(worker.child, 'message')]);
    const ready = await fetch(`http://127.0.0.1:${port}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ok' }]);
    expect((await fetch(`http://127.0.0.1:${port}/openapi.json`)).status).toBe(200);
    api.child.kill('SIGTERM');
    worker.child.kill('SIGTERM');
    expect(await Promise.all([once(api.child, 'exit'), once(worker.child, 'exit')])).toEqual([
      [0, null],
      [0, null],
    ]);
    const lines = api.output().trim().split('\n').filter(Boolean);
    expect(lines.map((line) => JSON.parse(line)['route']).filter(Boolean)).toEqual([
      '/health/ready',
      '/openapi.json',
    ]);
  });

  it('stops by itself when whoever started it is gone', async () => {
    const worker = start('worker.js', environment(0));
    await once(worker.child, 'message');
    worker.child.disconnect();
    expect(await once(worker.child, 'exit')).toEqual([0, null]);
  });

  it('says what is missing from its environment, and exits', async () => {
    const api = start('main.js', { DATABASE_APP_URL: 'postgres://app:hunter2@127.0.0.1/x' });
    expect(await once(api.child, 'exit')).toEqual([2, null]);
    expect(api.output()).toContain('DATABASE_AUDITOR_URL is required');
    expect(api.output()).not.toContain('hunter2');
  });

  it('says that a keyring is not the one of the database', async () => {
    const other = await mkdtemp(join(tmpdir(), 'sceau-boot-'));
    const { child, output } = start('main.js', environment(await freePort()));
    await once(child, 'message');
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(output()).not.toContain('cannot start');
    await createLocalKeyring(join(other, 'keyring.json'));
    for (const script of ['main.js', 'worker.js']) {
      const stranger = start(script, { ...environment(0), SCEAU_HOME: other, LOG_LEVEL: 'silent' });
      expect(await once(stranger.child, 'exit')).toEqual([1, null]);
      expect(stranger.output()).toBe(
        'Sceau cannot start: an index key does not unwrap. Is KEYRING_PATH the keyring of this database?\n',
      );
    }
    await rm(other, { recursive: true, force: true });
  }, 60_000);

  it('refuses to start on a port that is taken, in one sentence', async () => {
    const port = await freePort();
    const first = start('main.js', environment(port));
    await once(first.child, 'message');
    const second = start('main.js', environment(port));
    expect(await once(second.child, 'exit')).toEqual([1, null]);
    expect(second.output()).toContain(`port ${port} is in use`);
    expect(second.output()).not.toContain('at ');
    first.child.kill('SIGTERM');
    await once(first.child, 'exit');
  });
});
