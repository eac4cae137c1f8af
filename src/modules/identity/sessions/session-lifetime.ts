import type { SessionSettings } from '../../../platform/config/settings.js';
import type { SessionEntity } from '../persistence/session.entity.js';

type Times = Pick<SessionEntity, 'createdAt' | 'lastSeenAt'>;

/** When a session is over at the latest, however much it is used. */
export function absoluteEnd(createdAt: Date, { absoluteHours }: SessionSettings): Date {
  return new Date(createdAt.getTime() + absoluteHours * 3_600_000);
}

/** Sessions opened before this moment are over. */
export function oldestBegin(now: Date, { absoluteHours }: SessionSettings): Date {
  return new Date(now.getTime() - absoluteHours * 3_600_000);
}

export function isOver({ createdAt, lastSeenAt }: Times, now: Date, settings: SessionSettings): boolean {
  const idleEnd = lastSeenAt.getTime() + settings.idleMinutes * 60_000;
  return now.getTime() >= idleEnd || now >= absoluteEnd(createdAt, settings);
}
