import { setTimeout as pause } from 'node:timers/promises';
import { type DrilledSystem, OPERATORS_ADDRESS } from './drilled-system.ts';

/** The worker looks for new alerts each minute; twice that, and something of its own. */
const PATIENCE_MS = 150_000;
const POLL_MS = 200;

/**
 * Waits for the mail by which operators are told of a client, unless the drill is not patient.
 * @returns milliseconds from `since`; `null` when none has come
 */
export async function operatorsToldAfter(
  { mailbox, isPatient }: DrilledSystem,
  since: Date,
  client: string,
): Promise<number | null> {
  if (!isPatient) return null;
  for (let now = Date.now(); now < since.getTime() + PATIENCE_MS; now = Date.now()) {
    const mails = await mailbox.all();
    if (mails.some(({ to, text }) => to.includes(OPERATORS_ADDRESS) && text.includes(client)))
      return Date.now() - since.getTime();
    await pause(POLL_MS);
  }
  return null;
}
