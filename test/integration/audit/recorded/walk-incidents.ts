import type { Exchange, RequestOptions } from '../../../../tools/client/exchange.ts';
import { record } from '../../../support/actors.js';
import type { Sceau } from '../../../support/sceau.js';
import { signInStaff } from '../../../support/staff.js';

/** An operator opens an incident, looks at all of it, and closes it. */
export async function walkIncidents(sceau: Sceau): Promise<void> {
  const operator = await signInStaff(sceau, 'operator');
  const ask = async (path: string, options: RequestOptions = {}): Promise<Exchange> => {
    const answer = await operator.request(`/v1/operator/incidents${path}`, options);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  };
  const body = { title: 'Une session a été volée', origin: '192.0.2.1' };
  const id = `/${String(record((await ask('', { body })).body)['id'])}`;
  for (const below of ['', id, `${id}/impact`, `${id}/affected`, `${id}/entries`]) await ask(below);
  for (const below of ['affected/export', 'draft?document=letter']) await ask(`${id}/${below}`);
  await ask(`${id}/containment`);
  await ask(`${id}/contain`, { body: {} });
  await ask(`${id}/notify`, { method: 'POST' });
  await ask(`${id}/close`, { body: { conclusion: 'Fausse alerte.' } });
}
