import { fillSandbox } from '../../../../src/cli/sandbox/fill-sandbox.js';
import { createAgency, record, systemContext } from '../../../support/actors.js';
import type { Sceau } from '../../../support/sceau.js';
import { stepTo } from '../../../support/step.js';

/** In a sandbox one synthetic candidate withdraws, another accepts an offer. */
export async function walkSandbox(sceau: Sceau): Promise<void> {
  const { client, agencyId } = await createAgency(sceau, 'Bac à sable', undefined, 'sandbox');
  await fillSandbox(sceau.app, systemContext(), agencyId, 2, () => undefined);
  const { items } = record((await client.request('/v1/agency/applications')).body);
  const [one, other] = Array.isArray(items) ? items.map((item) => String(record(item)['id'])) : [];
  const move = async (list: string, id = '', to = ''): Promise<void> => {
    const read = await client.request(`/v1/agency/applications/${id}`, { headers: { purpose: 'review' } });
    const headers = { 'if-match': read.headers.get('etag') ?? '' };
    const { status } = await client.request(`${list}/${id}/transitions`, { body: stepTo(to), headers });
    if (status !== 200) throw new Error(`${to}: ${status}`);
  };
  await move('/v1/agency/sandbox/applications', one, 'withdrawn');
  for (const to of ['under_review', 'shortlisted', 'interview', 'offered'])
    await move('/v1/agency/applications', other, to);
  await move('/v1/agency/sandbox/applications', other, 'accepted');
}
