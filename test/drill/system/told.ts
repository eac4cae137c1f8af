import { setTimeout as pause } from 'node:timers/promises';
import { Jobs } from '../../../src/platform/jobs/jobs.js';
import { record } from '../../support/actors.js';
import { signInStaff } from '../../support/staff.js';
import type { SignedIn } from '../population/signed-in.ts';
import type { DrilledSystem } from './drilled-system.ts';
import { OPERATORS_ADDRESS } from './operators.ts';

/** Within which operators are promised to be told. The worker looks for new alerts each minute. */
export const MINUTES_MS = 5 * 60_000;
const POLL_MS = 200;
/** The worker is asked to look so often, where nobody waits for its minute. */
const PROMPT_MS = 1_000;

/**
 * Waits until operators hold both, a mail and a webhook, that name any of these things. To be called as the attack
 * begins, and waited for at its end. Where the drill is not patient the worker does not look by its own clock alone.
 * @param named ids, as far as they are known by then
 * @returns milliseconds from `since`; `null` when nobody was told
 */
export async function operatorsToldAfter(
  system: DrilledSystem,
  since: Date,
  named: () => Promise<readonly string[]>,
): Promise<number | null> {
  const { mailbox, alerts, app, isPatient } = system;
  const before = { mails: (await mailbox.all()).length, posted: alerts.posted.length };
  let promptedAt = Date.now();
  return toldAfter(since, async () => {
    if (!isPatient && Date.now() > promptedAt + PROMPT_MS) {
      promptedAt = Date.now();
      await app.get(Jobs, { strict: false }).send('alerts', {});
    }
    const ids = await named();
    const isMeant = (text: string): boolean => ids.some((id) => text.includes(id));
    const mails = (await mailbox.all()).slice(before.mails);
    return (
      mails.some(({ to, text }) => to.includes(OPERATORS_ADDRESS) && isMeant(text)) &&
      alerts.posted.slice(before.posted).some((body) => isMeant(body))
    );
  });
}

/** Waits until an auditor, who has done nothing else, is shown such an entry. @returns as `operatorsToldAfter` */
export async function auditorsToldAfter(
  system: DrilledSystem,
  since: Date,
  actions: readonly string[],
  fits: (event: Readonly<Record<string, unknown>>) => boolean,
): Promise<number | null> {
  const auditor = await signInStaff(system, 'auditor');
  return toldAfter(since, async () => {
    for (const action of actions) {
      const path = `/v1/audit/events?limit=100&action=${action}&from=${since.toISOString()}`;
      const { items } = record((await auditor.request(path)).body);
      if (Array.isArray(items) && items.map(record).some((event) => fits(event))) return true;
    }
    return false;
  });
}

/** Waits until somebody is shown one of these actions in their own access history. @returns as `operatorsToldAfter` */
export function ownerToldAfter(
  owner: SignedIn,
  since: Date,
  actions: readonly string[],
): Promise<number | null> {
  return toldAfter(since, async () =>
    (await owner.accessHistory()).some(
      ({ action, at }) => actions.includes(String(action)) && new Date(String(at)) >= since,
    ),
  );
}

async function toldAfter(since: Date, isTold: () => Promise<boolean>): Promise<number | null> {
  while (Date.now() < since.getTime() + MINUTES_MS) {
    if (await isTold()) return Date.now() - since.getTime();
    await pause(POLL_MS);
  }
  return null;
}
