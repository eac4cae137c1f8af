import { PersonClient } from '../../../../tools/client/person.ts';
import type { Sceau } from '../../../support/sceau.js';

const MOST = 10;
const MOST_CONFIRMATIONS = 100;

/** Guesses at an address until no more are looked at. */
export async function guessUntilTurnedAway({ url }: Sceau): Promise<void> {
  const body = {
    email: 'devine@example.fr',
    password: 'quatre chevaux bleus',
    code: '000000',
    transport: 'token',
  };
  for (let times = 0; times < MOST; times += 1) {
    const { status } = await new PersonClient(url).request('/v1/sessions', { body });
    if (status === 429) return;
  }
  throw new Error('Guessing goes on for ever.');
}

/** Asks more often than an origin may; from then on this route is closed to this machine. */
export async function askTooOften({ url }: Sceau): Promise<void> {
  const body = { token: 'J0lC0z4n7QmB1Zr5s8uXy2v9w3K6p1H4d7F0g5T2aEo' };
  for (let times = 0; times < MOST_CONFIRMATIONS; times += 1) {
    const { status } = await new PersonClient(url).request('/v1/registrations/confirm', { body });
    if (status === 429) return;
  }
  throw new Error('Asking goes on for ever.');
}
