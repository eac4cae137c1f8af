import type { Measurement, RunOptions } from '../harness/benchmark.ts';
import type { Prepared } from './installation.ts';
import { createPeople, PASSWORD, type Person } from './people.ts';
import { withServer } from './server.ts';
import { addressOf, atOnce, rightAttempt, signIn } from './sign-ins.ts';
import { alertsOfStuffing } from './stuffing-alert.ts';

const CLIENTS = 24;
/**
 * Hashing is made cheap for this part: the attacker tries as fast as everything else allows, every pair is looked at, and
 * 10,000 of them take minutes. Nothing that refuses anybody depends on it; limits and alert are as the product has them.
 */
const CHEAP = { memoryKiB: 1_024, iterations: 1, parallelism: 1 };
const COST = 'hashes of 1 MiB and one pass';
/** One stolen pair in so many has the right password of somebody. */
const RIGHT = 20;
/** SIGN_IN_ALERT_REFUSALS, unless it is set. */
const ALERT = 500;
const HOME = '192.0.2.80';

interface Answered {
  readonly status: number;
  /** When, in milliseconds since the epoch. */
  readonly at: number;
}

/** A list of stolen pairs, each from an address of its own; meanwhile and afterwards candidates sign in at home. */
export async function measureStuffing(
  prepared: Prepared,
  { quick, signal, progress }: RunOptions,
): Promise<readonly Measurement[]> {
  const pairs = quick ? 600 : 10_000;
  const visits = quick ? 3 : 10;
  progress('stuffing: people are made');
  const { all: victims } = await createPeople(prepared.rooms, CHEAP, pairs / RIGHT);
  const { all: others } = await createPeople(prepared.rooms, CHEAP, visits);
  const owners = victims.slice(0, visits);
  const environment = {
    PASSWORD_MEMORY_KIB: String(CHEAP.memoryKiB),
    PASSWORD_ITERATIONS: String(CHEAP.iterations),
    PASSWORD_PARALLELISM: String(CHEAP.parallelism),
  };
  return withServer(prepared, environment, async ({ url }) => {
    const atHome = async (person: Person, at = Date.now()): Promise<number> =>
      signIn(url, await rightAttempt(person, HOME, at));
    // Known there from now on; with the code of the step before, since that of this one is for later.
    for (const person of [...others, ...owners]) await atHome(person, Date.now() - 30_000);
    const answers: Answered[] = [];
    const meanwhile: number[] = [];
    const begun = Date.now();
    await atOnce(CLIENTS, Array.from({ length: pairs }).keys(), async (index) => {
      signal.throwIfAborted();
      if (index % 100 === 0) progress(`stuffing with ${COST}: ${index} of ${pairs} pairs`);
      const email = victims[index / RIGHT]?.email ?? `vole.${index}@example.fr`;
      const attempt = { email, password: PASSWORD, code: String(index).padStart(6, '0') };
      const status = await signIn(url, { ...attempt, from: addressOf(index) });
      answers.push({ status, at: Date.now() });
      const visitor =
        index % (pairs / visits) === 50 ? others[Math.floor(index / (pairs / visits))] : undefined;
      if (visitor !== undefined) meanwhile.push(await atHome(visitor));
    });
    const ended = Date.now();
    const afterwards: number[] = [];
    for (const person of owners) afterwards.push(await atHome(person));
    const alerts = await alertsOfStuffing(prepared.ownerUrl, new Date(begun));
    const [alert] = alerts;
    if (alert === undefined) throw new Error('Nobody was alerted.');
    const of = (...statuses: readonly number[]): number =>
      answers.filter(({ status }) => statuses.includes(status)).length;
    const measurements: Measurement[] = [
      {
        name: `stolen pairs that were refused, of all tried (${COST})`,
        value: of(401, 429, 503),
        unit: 'pairs',
        baseline: pairs,
        goal: { of: 'ratio', bound: 'at least', limit: 1 },
      },
      {
        name: 'stolen pairs that were hashed and found wrong, of all tried; the rest met a limit',
        value: of(401),
        unit: 'pairs',
        baseline: pairs,
        // Fewer could not raise the alert.
        goal: { of: 'value', bound: 'at least', limit: ALERT },
      },
      {
        name: 'stolen pairs answered before the alert, against refusals that raise it',
        value: answers.filter(({ at }) => at <= alert.getTime()).length,
        unit: 'pairs',
        baseline: ALERT,
        // The clients that are under way at the time, and a round of them more.
        goal: { of: 'ratio', bound: 'at most', limit: 1.2 },
      },
      {
        name: 'time until the alert, against that of the whole list',
        value: (alert.getTime() - begun) / 1_000,
        unit: 's',
        baseline: (ended - begun) / 1_000,
        // One minute of what SIGN_IN_STRANGERS_PER_MINUTE lets through.
        goal: { of: 'value', bound: 'at most', limit: 60 },
      },
      {
        name: 'alerts of stuffing in the ledger, against windows of ten minutes begun',
        value: alerts.length,
        unit: 'alerts',
        baseline: Math.ceil((ended - begun) / 600_000),
        goal: { of: 'ratio', bound: 'at least', limit: 1 },
      },
      {
        name: 'candidates who signed in at home meanwhile, of those who tried',
        value: meanwhile.filter((status) => status === 201).length,
        unit: 'people',
        baseline: visits,
        goal: { of: 'ratio', bound: 'at least', limit: 1 },
      },
      {
        name: 'owners of stolen passwords who signed in at home afterwards, of those who tried',
        value: afterwards.filter((status) => status === 201).length,
        unit: 'people',
        baseline: owners.length,
        goal: { of: 'ratio', bound: 'at least', limit: 1 },
      },
    ];
    return measurements;
  });
}
