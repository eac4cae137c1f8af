import { PersonClient } from '../../../../tools/client/person.ts';
import type { Sceau } from '../../../support/sceau.js';

const MOST = 10;

/** Guesses at an address until no more are looked at. */
export async function guessUntilTurnedAway({ url }: Sceau): Promise<void> {
  const body = { email: 'devine@example.fr', password: 'quatre chevaux bleus', code: '000000' };
  for (let times = 0; times < MOST; times += 1) {
    const { status } = await new PersonClient(url).request('/v1/sessions', { body });
    if (status === 429) return;
  }
  throw new Error('Guessing goes on for ever.');
}
