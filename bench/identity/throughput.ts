import argon2 from 'argon2';
import type { Measurement, RunOptions } from '../harness/benchmark.ts';
import { compare, timed } from '../harness/rounds.ts';
import type { Prepared } from './installation.ts';
import { createPeople, PASSWORD } from './people.ts';
import { withServer } from './server.ts';
import { addressOf, atOnce, rightAttempt, signIn } from './sign-ins.ts';

const CLIENTS = 6;
/** Until code is compiled and connections are open, which a process that has run for a while has behind it. */
const WARM_UP = 12;

/** Sign-ins through HTTP against bare verifications of the same hash, as many at once as the product has at once. */
export async function measureThroughput(
  prepared: Prepared,
  options: RunOptions,
): Promise<readonly Measurement[]> {
  const rounds = options.quick ? 3 : 5;
  const each = options.quick ? 8 : 30;
  const { hash, all } = await createPeople(prepared.rooms, prepared.passwords, rounds * each + WARM_UP);
  const people = all.values();
  let origins = 0;
  return withServer(prepared, {}, async ({ url }) => {
    // A code is good once and a person signs in once: each round has people of its own.
    const signInMany = (count: number) => (): Promise<void> =>
      atOnce(CLIENTS, people.take(count), async (person) => {
        const status = await signIn(url, await rightAttempt(person, addressOf((origins += 1))));
        if (status !== 201) throw new Error(`A sign-in was answered with ${status}.`);
      });
    await signInMany(WARM_UP)();
    const perSecond = async (work: () => Promise<void>): Promise<number> =>
      (each * 1_000) / (await timed(work));
    const { value, baseline } = await compare(
      {
        label: 'sign-ins',
        rounds,
        measured: () => perSecond(signInMany(each)),
        baseline: () =>
          perSecond(() =>
            atOnce(prepared.passwords.concurrency, Array.from({ length: each }), async () => {
              if (!(await argon2.verify(hash, PASSWORD))) throw new Error('The password is wrong.');
            }),
          ),
      },
      options,
    );
    return [
      {
        name: 'sign-ins against bare argon2id verifications',
        value,
        unit: '1/s',
        baseline,
        // Of the machine's work for sign-ins, hashing is to be all but a seventh.
        goal: { of: 'ratio', bound: 'at least', limit: 0.85 },
      },
    ];
  });
}
