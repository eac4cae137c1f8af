import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 15_000;

/** Asks again until there is an answer. @param what is waited for, for the complaint when it does not come */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}.`);
    await pause(25);
  }
}
