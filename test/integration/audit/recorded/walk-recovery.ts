import { signUpCandidate } from '../../../support/actors.js';
import { signInStaff } from '../../../support/staff.js';
import type { Sceau } from '../../../support/sceau.js';
import { signIn } from '../../identity/person.js';
import { RecoveryWay } from '../../identity/recovery-way.js';

/** A recovery that its owner stops, one that a sign-in stops, and one that comes to its end. */
export async function walkRecovery(sceau: Sceau): Promise<void> {
  const way = new RecoveryWay(sceau);
  // All of the walk comes from one address, and only so many mails go to another in an hour.
  const beginAnew = () => sceau.database.query('DELETE FROM platform.rate_limit');
  await beginAnew();
  const person = await signUpCandidate(sceau);
  await way.stop((await way.asked(person.email)).stop);
  await way.asked(person.email);
  await signIn(sceau, person);
  await beginAnew();
  const operator = await signInStaff(sceau, 'operator');
  const post = async (path: string) => operator.request(`/v1/operator/recoveries${path}`, { method: 'POST' });
  const approved = await way.asked((await signUpCandidate(sceau)).email);
  await operator.request('/v1/operator/recoveries');
  await post(`/${approved.id}/approve`);
  await post(`/${approved.id}/refuse`);
  await operator.request(`/v1/operator/accounts/${approved.account}/sessions`, { method: 'DELETE' });
  await beginAnew();
  await way.complete(await way.ready(person.email));
}
