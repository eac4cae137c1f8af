import { Webhook } from 'standardwebhooks';
import { SystemClock } from '../../../kernel/clock.js';
import { type AgencyId, type ApplicationId, newId, type VacancyId } from '../../../kernel/ids.js';
import type { WebhookEvent } from '../persistence/event-store.js';
import { secretOf, type SigningSecret } from '../signing-secrets.js';
import { messageOf } from './message.js';

const now = new SystemClock().now();
const at = now.getTime();
const later = (by: number): string => new Date(at + by).toISOString();
const secret = (fill: number, expiresAt: string | null): SigningSecret => ({
  ...secretOf(Buffer.alloc(32, fill), now),
  expiresAt,
});
const EVENT: WebhookEvent = {
  id: newId<'event'>(at),
  agencyId: newId<'agency'>(at) satisfies AgencyId,
  type: 'application.submitted',
  at: now,
  subject: {
    applicationId: newId<'application'>(at) satisfies ApplicationId,
    vacancyId: newId<'vacancy'>(at) satisfies VacancyId,
    revision: 3,
  },
};

describe('a message to a receiver', () => {
  it('is signed with every secret in use at that moment, and with none that has ended', () => {
    const secrets = [secret(1, null), secret(2, later(1)), secret(3, later(0)), secret(4, later(-1))];
    const { headers, body } = messageOf(EVENT, { mode: 'live', secrets }, now);
    const isRight = secrets.map(({ value }) => {
      try {
        return new Webhook(value).verify(body, { ...headers }) !== undefined;
      } catch {
        return false;
      }
    });
    expect(isRight).toEqual([true, true, false, false]);
  });

  it('holds ids, a type, a time and whether it is of a sandbox, and is the same each time it is sent', () => {
    const sent = [0, 60_000].map((by) =>
      messageOf(EVENT, { mode: 'sandbox', secrets: [secret(1, null)] }, new Date(at + by)),
    );
    const [first, again] = sent;
    expect(first?.body).toBe(again?.body);
    expect(first?.headers['webhook-id']).toBe(again?.headers['webhook-id']);
    expect(Number(again?.headers['webhook-timestamp']) - Number(first?.headers['webhook-timestamp'])).toBe(
      60,
    );
    expect(JSON.parse(first?.body ?? '')).toEqual({
      type: 'application.submitted',
      timestamp: now.toISOString(),
      data: { agencyId: EVENT.agencyId, sandbox: true, ...EVENT.subject },
    });
  });
});
