import type { Measurement, RunOptions } from '../harness/benchmark.ts';
import { compare, timed } from '../harness/rounds.ts';
import { product } from '../sealing/product.ts';
import type { Prepared } from './installation.ts';
import { createPeople } from './people.ts';
import { identity } from './product.ts';
import { addressOf, rightAttempt } from './sign-ins.ts';
import { withServer } from './server.ts';

/**
 * What every request of a signed-in person pays first, against the bare query for a session's row by its index: one round
 * trip of the same pool.
 */
export async function measureSessionCheck(
  prepared: Prepared,
  options: RunOptions,
): Promise<readonly Measurement[]> {
  const { rooms } = prepared;
  const { all } = await createPeople(rooms, prepared.passwords, 1);
  const [person] = all;
  if (person === undefined) throw new Error('Nobody was made.');
  const token = await withServer(prepared, {}, async ({ url }) => {
    const { from, ...body } = await rightAttempt(person, addressOf(70_000));
    const response = await fetch(new URL('/v1/sessions', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': from },
      body: JSON.stringify({ ...body, transport: 'token' }),
    });
    const session: unknown = await response.json();
    if (typeof session !== 'object' || session === null || !('token' in session))
      throw new Error(`Signing in was answered with ${response.status}.`);
    return String(session.token);
  });
  const { Sessions } = await identity.sessions();
  const { IdentityStatements } = await identity.statements();
  const { hashToken } = await identity.tokens();
  const { newId } = await product.ids();
  const [sessions, statements] = [
    rooms.get(Sessions, { strict: false }),
    rooms.get(IdentityStatements, { strict: false }),
  ];
  const bare = { name: 'bare-session', text: 'SELECT * FROM identity.session WHERE token_hash = $1' };
  const context = {
    requestId: newId<'request'>(Date.now()),
    actor: { kind: 'anonymous' },
    locale: 'fr',
    address: '192.0.2.1',
  } as const;
  const times = options.quick ? 100 : 500;
  const each = async (work: () => Promise<unknown>): Promise<number> =>
    (await timed(async () => {
      for (let done = 0; done < times; done += 1) await work();
    })) / times;
  const { value, baseline } = await compare(
    {
      label: 'session check',
      rounds: options.quick ? 3 : 9,
      measured: () =>
        each(async () => {
          if ((await sessions.recognise(context, token)) === undefined) throw new Error('Nobody is known.');
        }),
      baseline: () => each(() => statements.run(bare, [hashToken(token)])),
    },
    options,
  );
  return [
    {
      name: 'session check of a request against a bare query',
      value,
      unit: 'ms',
      baseline,
      // Two round trips, to the data and to the key store, and as much again for what they bring.
      goal: { of: 'ratio', bound: 'at most', limit: 4 },
    },
  ];
}
