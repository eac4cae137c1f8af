import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApplication } from '../../../src/application.js';
import { newId } from '../../../src/kernel/ids.js';
import { Settings } from '../../../src/platform/config/settings.js';
import { createLocalKeyring, SubjectKeys } from '../../../src/sealing/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { testSettings } from '../../support/settings.js';
import { freePort } from '../../../tools/free-port.ts';

describe('metrics', () => {
  let home: string;
  let database: TestDatabase;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'sceau-metrics-'));
    database = await createTestDatabase();
    await createLocalKeyring(join(home, 'keyring.json'));
  });

  afterAll(async () => {
    await database.drop();
    await rm(home, { recursive: true, force: true });
  });

  async function withApplication(
    port: number | undefined,
    work: (app: NestFastifyApplication) => Promise<void>,
  ): Promise<void> {
    const settings = new Settings({ ...testSettings(database, home, await freePort()), metrics: { port } });
    const app = await createApplication(settings);
    try {
      await app.listen({ host: settings.http.host, port: settings.http.port });
      await work(app);
    } finally {
      await app.close();
    }
  }

  it('are served on a port of their own, without an id in them', async () => {
    const port = await freePort();
    await withApplication(port, async (app) => {
      const keys = app.get(SubjectKeys, { strict: false });
      const subject = newId<'candidate'>(Date.now());
      await keys.create(subject);
      await keys.current(subject);
      await keys.current(subject);
      const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
      const text = await answer.text();
      expect(answer.headers.get('content-type')).toContain('text/plain');
      expect(text).toContain('sceau_subject_key_lookups_total{kind="hit"} 1\n');
      expect(text).toContain('sceau_subject_key_lookups_total{kind="miss"} 1\n');
      expect(text).toContain('sceau_subject_key_unwraps_total{kind="done"} 1\n');
      expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
      expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
      expect((await fetch(`http://127.0.0.1:${port}/metrics`, { method: 'POST' })).status).toBe(404);
      const api = await app.inject({ method: 'GET', url: '/metrics' });
      expect(api.statusCode).toBe(404);
    });
    await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow('fetch failed');
  });

  it('do not keep the application from starting when their port is taken', async () => {
    const other = createServer((_, response) => response.end('other'));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await withApplication(port, async (app) => {
      expect((await app.inject({ method: 'GET', url: '/health/live' })).statusCode).toBe(200);
      expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toBe('other');
    });
    other.close();
    await once(other, 'close');
  });
});
