import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { SystemClock } from '../../kernel/clock.js';
import {
  activeSecrets,
  rotated,
  SECRET_BYTES,
  secretOf,
  signatureOf,
  type SigningSecret,
} from './signing-secrets.js';

const NOW = new Date('2026-11-20T08:00:00Z');
const later = (ms: number): Date => new Date(NOW.getTime() + ms);
const fresh = (now = NOW): SigningSecret => secretOf(randomBytes(SECRET_BYTES), now);
const HOUR_MS = 3_600_000;

describe('signatures', () => {
  it('are those of the Standard Webhooks specification’s own example', () => {
    // github.com/standard-webhooks/standard-webhooks, spec and library tests (MIT).
    const secret = { ...fresh(), value: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
    const message = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestamp: 1_614_265_330,
      body: '{"test": 2432232314}',
    };
    expect(signatureOf([secret], message)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('are accepted by the specification’s library for either of two secrets, and for no other', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.json(), (id, body) => {
        const secrets = [fresh(), fresh()];
        const timestamp = Math.floor(new SystemClock().now().getTime() / 1_000);
        const headers = {
          'webhook-id': id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': signatureOf(secrets, { id, timestamp, body }),
        };
        for (const { value } of secrets)
          expect(new Webhook(value).verify(body, headers)).toEqual(JSON.parse(body));
        expect(() => new Webhook(fresh().value).verify(body, headers)).toThrow('No matching signature');
        expect(() => new Webhook(secrets[0]?.value ?? '').verify(`${body} `, headers)).toThrow(
          'No matching signature',
        );
      }),
    );
  });
});

describe('the secrets of an endpoint', () => {
  it('have 32 bytes and the prefix by which leaked ones are found', () => {
    const { value } = fresh();
    expect(value).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  });

  it('are two while they overlap, and one afterwards', () => {
    const old = fresh();
    const young = fresh(later(1));
    const both = rotated([old], young, later(1), HOUR_MS) ?? [];
    const values = (now: Date): string[] => activeSecrets(both, now).map(({ value }) => value);
    expect(values(later(1))).toEqual([young.value, old.value]);
    expect(values(later(HOUR_MS))).toEqual([young.value, old.value]);
    expect(values(later(HOUR_MS + 1))).toEqual([young.value]);
  });

  it('are never three: a third waits, or ends both others at once', () => {
    const both = rotated([fresh()], fresh(later(1)), later(1), HOUR_MS) ?? [];
    expect(rotated(both, fresh(later(2)), later(2), HOUR_MS)).toBeUndefined();
    expect(rotated(both, fresh(later(2)), later(2), 0)).toHaveLength(1);
    expect(rotated(both, fresh(later(2 * HOUR_MS)), later(2 * HOUR_MS), HOUR_MS)).toHaveLength(2);
  });

  it('end at once without an overlap, after a leak', () => {
    const young = fresh(later(1));
    expect(activeSecrets(rotated([fresh()], young, later(1), 0) ?? [], later(1))).toEqual([young]);
  });
});
