import { generate } from 'otplib';
import { PASSWORD, type Person } from './people.ts';

export interface Attempt {
  readonly email: string;
  readonly password: string;
  readonly code: string;
  /** The address it comes from. */
  readonly from: string;
}

/** @returns the status of the answer */
export async function signIn(url: string, { from, ...body }: Attempt): Promise<number> {
  const response = await fetch(new URL('/v1/sessions', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': from },
    body: JSON.stringify({ ...body, transport: 'token' }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** @param at the moment whose code is given, in milliseconds; a code is good once */
export async function rightAttempt(
  { email, secret }: Person,
  from: string,
  at = Date.now(),
): Promise<Attempt> {
  const code = await generate({ secret, epoch: Math.floor(at / 1_000) });
  return { email, password: PASSWORD, code, from };
}

/** A different address for each number, of a network that is nobody's (RFC 2544). */
export const addressOf = (index: number): string =>
  `198.${18 + ((index >> 16) & 1)}.${(index >> 8) & 255}.${index & 255}`;

/** Does work for each item, so many at a time. */
export async function atOnce<Item>(
  times: number,
  items: Iterable<Item>,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: times }, worker));
}
