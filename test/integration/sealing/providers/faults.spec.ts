import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { Failure } from '../../../../src/kernel/errors.js';
import type { KeyProvider, KeyToUnwrap } from '../../../../src/sealing/providers/key-provider.js';
import {
  closeProvider,
  installKms,
  installVault,
  openProvider,
  type ServedInstallation,
} from '../../../support/key-services/installations.js';
import type { Fault } from '../../../support/key-services/local-service.js';

const TIMEOUT_MS = 1_500;
const CONTEXT = { purpose: 'subject-key', owner: 'a', version: 1 } as const;

type Choice = (installation: ServedInstallation) => Fault;

const FAULTS: readonly (readonly [name: string, fault: Choice])[] = [
  ['does not answer', () => ({ kind: 'silent' })],
  ['cuts connections', () => ({ kind: 'reset' })],
  ['answers by halves', () => ({ kind: 'half', answer: { status: 200, body: { data: 'x'.repeat(4_000) } } })],
  ['fails with 500', ({ broken }) => ({ kind: 'answer', answer: broken })],
  ['is asked too much', ({ throttling }) => ({ kind: 'answer', answer: throttling })],
  ['stands behind a proxy without it (502)', () => ({ kind: 'answer', answer: { status: 502 } })],
  ['answers with something else', () => ({ kind: 'answer', answer: { status: 200, body: ['hello'] } })],
];

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('It did not fail.');
}

describe.each([
  ['vault', installVault],
  ['aws-kms', installKms],
] as const)('%s out of order', (_, install) => {
  let installation: ServedInstallation;
  let provider: KeyProvider;
  let key: Buffer;
  let item: KeyToUnwrap;
  let lines: string[];

  beforeEach(async () => {
    installation = await install(TIMEOUT_MS);
    lines = [];
    provider = await openProvider(installation.settings, undefined, lines);
    key = randomBytes(32);
    const patient = await openProvider({ ...installation.settings, timeoutMs: 20_000 });
    const [wrapped] = await patient.wrapMany([{ key, context: CONTEXT }]);
    await closeProvider(patient);
    if (wrapped === undefined) throw new Error('Nothing was wrapped.');
    item = { ...wrapped, context: CONTEXT };
  });

  afterEach(async () => {
    await closeProvider(provider);
    await installation.remove();
  });

  const unwrap = () => provider.unwrapMany([item]);

  /** Asks until there is an answer: how long a circuit stays open is nobody's business here. */
  async function unwrapAgain() {
    for (;;) {
      const answer = await unwrap().catch((error: unknown) => error);
      if (!(answer instanceof Failure) || answer.code !== 'keys_unavailable') return answer;
      // An open circuit answers without any input or output, so the clients' own work has to be let in.
      await turn();
    }
  }

  it.each(FAULTS)(
    '%s: every call ends with keys_unavailable, and works again by itself',
    async (__, fault) => {
      installation.service.fail(fault(installation));
      const calls = [
        provider.wrapMany([{ key, context: CONTEXT }]),
        unwrap(),
        provider.rewrapMany([item]),
        provider.versions(),
        provider.rotate(),
        provider.retire(1),
      ];
      for (const call of calls) {
        expect(await failureOf(call)).toMatchObject({
          code: 'keys_unavailable',
          headers: { 'retry-after': '1' },
        });
      }
      installation.service.recover();
      expect(await unwrapAgain()).toEqual([{ ok: true, key }]);
    },
  );

  it('refuses connections: the call ends with keys_unavailable, and works again by itself', async () => {
    await installation.service.stop();
    expect(await failureOf(unwrap())).toMatchObject({ code: 'keys_unavailable' });
    await installation.service.start();
    expect(await unwrapAgain()).toEqual([{ ok: true, key }]);
  });

  it.each(FAULTS)('%s for a moment: nobody notices', async (__, fault) => {
    installation.service.fail(fault(installation), 1);
    expect(await unwrap()).toEqual([{ ok: true, key }]);
  });

  it('leaves the service alone while it does not answer, and says so once', async () => {
    installation.service.fail({ kind: 'reset' });
    await failureOf(unwrap());
    await failureOf(unwrap());
    const asked = installation.service.requests.length;
    const refused = await Promise.all(Array.from({ length: 20 }, () => failureOf(unwrap())));
    // One of them may be the one that tries whether it answers again.
    expect(installation.service.requests.length - asked).toBeLessThanOrEqual(1);
    expect(refused.map(({ code }) => code)).toEqual(Array(20).fill('keys_unavailable'));
    expect(lines.filter((line) => line.includes('does not answer')).length).toBeGreaterThanOrEqual(1);
    installation.service.recover();
    await unwrapAgain();
    expect(lines.at(-1)).toContain('answers again');
  });

  it('does not take damaged keys for an outage', async () => {
    const damaged = { ...item, wrapped: Buffer.from(item.wrapped).fill(7, 40) };
    const results = await provider.unwrapMany(Array.from({ length: 12 }, () => damaged));
    expect(results.map(({ ok }) => ok)).toEqual(Array(12).fill(false));
    expect(await unwrap()).toEqual([{ ok: true, key }]);
  });

  it('says nothing of secrets or keys in what it logs and throws', async () => {
    installation.service.fail({
      kind: 'answer',
      answer: { status: 400, body: { errors: [key.toString('base64')] } },
    });
    const failure = await failureOf(unwrap());
    const told = JSON.stringify([lines, failure, failure.message, failure.privateDetail]);
    const { settings } = installation;
    const secret =
      settings.provider === 'vault' &&
      settings.login.method === 'token' &&
      settings.login.token.from === 'variable'
        ? settings.login.token.value
        : settings.provider === 'aws-kms' && settings.credentials?.secretAccessKey;
    expect(typeof secret).toBe('string');
    for (const never of [String(secret), key.toString('base64'), item.wrapped.toString('base64')])
      expect(told).not.toContain(never);
  });
});
