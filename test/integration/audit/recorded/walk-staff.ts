import { PersonClient } from '../../../../tools/client/person.ts';
import { record } from '../../../support/actors.js';
import type { Sceau } from '../../../support/sceau.js';
import { acceptInvitation, signInStaff } from '../../../support/staff.js';

/** An operator invites somebody, who comes in, is suspended, let in again and removed. */
export async function walkStaff(sceau: Sceau): Promise<void> {
  const operator = await signInStaff(sceau, 'operator');
  const ask = async (path: string, method: string, body?: object): Promise<Record<string, unknown>> => {
    const answer = await operator.request(`/v1/operator/staff${path}`, {
      method,
      ...(body === undefined ? {} : { body }),
    });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status}`);
    return record(answer.body ?? {});
  };
  const email = 'dominique.leroy@example.fr';
  const { id } = await ask('', 'POST', { email, role: 'auditor', locale: 'fr' });
  const mail = await sceau.mailTo(email);
  await acceptInvitation(sceau, /^[\w-]{43}$/m.exec(mail.text)?.[0] ?? '');
  await new PersonClient(sceau.url).request('/v1/invitations/accept', {
    body: { token: 'A'.repeat(43), password: 'trois phares blancs dans la brume' },
  });
  await ask('', 'GET');
  await ask('/search', 'POST', { email });
  await ask(`/${String(id)}/suspend`, 'POST');
  await ask(`/${String(id)}/resume`, 'POST');
  await ask(`/${String(id)}`, 'DELETE');
}
