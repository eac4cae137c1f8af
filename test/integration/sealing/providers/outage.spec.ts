import { type CandidateActor, record, signUpCandidate } from '../../../support/actors.js';
import {
  installKms,
  installVault,
  type ServedInstallation,
} from '../../../support/key-services/installations.js';
import type { Fault } from '../../../support/key-services/local-service.js';
import { type Sceau, startSceau } from '../../../support/sceau.js';

const PROFILE = { identity: { givenName: 'Nolwenn' }, contact: { email: 'nolwenn@example.fr' } };
const CHANGE = { identity: { givenName: 'Gaëlle' } };

const OUTAGES: readonly (readonly [name: string, fault: Fault | 'down'])[] = [
  ['is down', 'down'],
  ['does not answer', { kind: 'silent' }],
];

describe.each([
  ['vault', installVault],
  ['aws-kms', installKms],
] as const)('the product while %s', (_, install) => {
  let installation: ServedInstallation;
  let sceau: Sceau;
  let candidate: CandidateActor;

  beforeAll(async () => {
    installation = await install(1_000);
    // Nothing is cached, so that every request needs the provider.
    sceau = await startSceau({
      keyring: { ...installation.settings, cacheSize: 0, cacheSeconds: 0, backupDays: 7, drainSeconds: 1 },
    });
    candidate = await signUpCandidate(sceau);
  }, 60_000);

  afterAll(async () => {
    await sceau.stop();
    await installation.remove();
  });

  const profile = (method = 'GET', body?: unknown, headers: Record<string, string> = {}) =>
    candidate.client.request('/v1/me/profile', { method, headers, ...(body === undefined ? {} : { body }) });
  const ready = async () => (await fetch(new URL('/health/ready', sceau.url))).status;

  async function until(status: number, ask: () => Promise<number>): Promise<void> {
    const deadline = Date.now() + 20_000;
    while ((await ask()) !== status) expect(Date.now()).toBeLessThan(deadline);
  }

  it.each(OUTAGES)('%s: answers 503, loses nothing, and serves again by itself', async (__, fault) => {
    const tag = String((await profile()).headers.get('etag'));
    expect((await profile('PUT', PROFILE, { 'if-match': tag })).status).toBe(200);
    const before = await profile();
    expect([before.status, await ready()]).toEqual([200, 200]);

    if (fault === 'down') await installation.service.stop();
    else installation.service.fail(fault);
    const read = await profile();
    expect([read.status, read.headers.get('content-type'), read.headers.get('retry-after')]).toEqual([
      503,
      expect.stringContaining('application/problem+json'),
      '1',
    ]);
    expect(record(read.body)).toMatchObject({ code: 'keys_unavailable', status: 503 });
    const written = await profile('PUT', CHANGE, { 'if-match': String(before.headers.get('etag')) });
    expect([written.status, record(written.body)['code']]).toEqual([503, 'keys_unavailable']);
    await until(503, ready);
    expect((await fetch(new URL('/health/live', sceau.url))).status).toBe(200);
    expect((await fetch(new URL('/v1/vacancies', sceau.url))).status).toBe(200);

    if (fault === 'down') await installation.service.start();
    else installation.service.recover();
    await until(200, async () => (await profile()).status);
    await until(200, ready);
    const after = await profile();
    expect([after.body, after.headers.get('etag')]).toEqual([before.body, before.headers.get('etag')]);
    const again = await profile('PUT', CHANGE, { 'if-match': String(after.headers.get('etag')) });
    expect(again.status).toBe(200);
    expect((await profile()).body).toMatchObject(CHANGE);
  });
});
