import pg from 'pg';
import type { Measurement, RunOptions } from '../harness/benchmark.ts';
import type { Prepared } from './installation.ts';
import { createPeople, PASSWORD } from './people.ts';
import { withServer } from './server.ts';
import { addressOf, atOnce, rightAttempt, signIn } from './sign-ins.ts';

const CLIENTS = 24;
/** Hashing is made cheap: the attacker tries as fast as everything else allows. */
const CHEAP = { memoryKiB: 1_024, iterations: 1, parallelism: 1 };
const HOME = '192.0.2.80';

/** A list of stolen pairs, some right, each from an address of its own; meanwhile candidates sign in at home again. */
export async function measureStuffing(
  prepared: Prepared,
  { quick, signal, progress }: RunOptions,
): Promise<readonly Measurement[]> {
  const pairs = quick ? 600 : 10_000;
  const { all } = await createPeople(prepared.rooms, CHEAP, pairs / 20);
  const visits = quick ? 3 : 10;
  const { all: atHome } = await createPeople(prepared.rooms, CHEAP, visits);
  const environment = {
    PASSWORD_MEMORY_KIB: String(CHEAP.memoryKiB),
    PASSWORD_ITERATIONS: String(CHEAP.iterations),
    PASSWORD_PARALLELISM: String(CHEAP.parallelism),
  };
  return withServer(prepared, environment, async ({ url }) => {
    const statuses: number[] = [];
    const real: number[] = [];
    for (const person of atHome) await signIn(url, await rightAttempt(person, HOME, Date.now() - 30_000));
    await atOnce(CLIENTS, Array.from({ length: pairs }).keys(), async (index) => {
      signal.throwIfAborted();
      if (index % 100 === 0) progress(`stuffing: ${index} of ${pairs}`);
      const email = all[index]?.email ?? `vole.${index}@example.fr`;
      const attempt = { email, password: PASSWORD, code: String(index).padStart(6, '0') };
      statuses.push(await signIn(url, { ...attempt, from: addressOf(index) }));
      const person = index % Math.ceil(pairs / visits) === 50 ? atHome[real.length] : undefined;
      if (person !== undefined) real.push(await signIn(url, await rightAttempt(person, HOME)));
    });
    const isRefusal = (status: number): boolean => status === 401 || status === 429 || status === 503;
    return [
      {
        name: 'stolen pairs that were refused, of all tried',
        value: statuses.filter(isRefusal).length,
        unit: 'pairs',
        baseline: pairs,
        goal: { of: 'ratio', bound: 'at least', limit: 1 },
      },
      {
        name: 'real candidates who signed in meanwhile, of those who tried',
        value: real.filter((status) => status === 201).length,
        unit: 'people',
        baseline: real.length,
        goal: { of: 'ratio', bound: 'at least', limit: 1 },
      },
      {
        name: 'alerts of stuffing in the ledger, against none needed',
        value: await alerts(prepared.ownerUrl),
        unit: 'alerts',
        baseline: 1,
        goal: { of: 'value', bound: 'at least', limit: 1 },
      },
    ];
  });
}

async function alerts(ownerUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: string }>(
      `SELECT count(*) AS count FROM (SELECT envelope FROM audit.staging UNION SELECT envelope FROM audit.leaf) AS entry
       WHERE convert_from(envelope, 'UTF8')::jsonb ->> 'action' = 'sign_in.stuffing_suspected'`,
    );
    return Number(rows[0]?.count ?? 0);
  } finally {
    await client.end();
  }
}
