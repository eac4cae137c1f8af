import { signUpCandidate } from '../../../support/actors.js';
import type { Sceau } from '../../../support/sceau.js';
import { signIn } from '../../identity/person.js';
import { RecoveryWay } from '../../identity/recovery-way.js';

/** A recovery that its owner stops, one that a sign-in stops, and one that comes to its end. */
export async function walkRecovery(sceau: Sceau): Promise<void> {
  const way = new RecoveryWay(sceau);
  const person = await signUpCandidate(sceau);
  await way.stop((await way.asked(person.email)).stop);
  await way.asked(person.email);
  await signIn(sceau, person);
  // Only so many mails go to one address in an hour.
  await sceau.database.query('DELETE FROM platform.rate_limit');
  await way.complete(await way.ready(person.email));
}
