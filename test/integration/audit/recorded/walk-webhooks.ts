import type { Exchange, RequestOptions } from '../../../../tools/client/exchange.ts';
import { createAgency, record } from '../../../support/actors.js';
import type { Sceau } from '../../../support/sceau.js';

/** Registers an endpoint, changes it, has events sent there, looks at what became of them, removes it, and looks for it once more. */
export async function walkWebhooks(sceau: Sceau): Promise<void> {
  const { client } = await createAgency(sceau);
  const ask = async (path: string, status: number, options: RequestOptions = {}): Promise<Exchange> => {
    const answer = await client.request(path, options);
    if (answer.status !== status) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  };
  const list = '/v1/agency/webhooks';
  const events = ['application.submitted'];
  const isPrivate = 'https://10.0.0.1/';
  await ask(list, 422, { body: { url: isPrivate, events } });
  const created = await ask(list, 201, { body: { url: 'https://127.0.0.1/', events } });
  const path = `${list}/${String(record(created.body)['id'])}`;
  await ask(list, 200);
  const headers = { 'if-match': (await ask(path, 200)).headers.get('etag') ?? '' };
  await ask(path, 422, { method: 'PATCH', body: { url: isPrivate }, headers });
  await ask(path, 200, { method: 'PATCH', body: { enabled: true }, headers });
  await ask(`${path}/secrets`, 201, { body: {} });
  const tested = record((await ask(`${path}/test`, 202, { method: 'POST' })).body);
  await ask(`${path}/deliveries`, 200);
  const delivery = `${path}/deliveries/${String(tested['id'])}`;
  await ask(delivery, 200);
  await ask(`${delivery}/replay`, 202, { method: 'POST' });
  await ask(`${path}/replay`, 202, { method: 'POST' });
  await ask(path, 204, { method: 'DELETE' });
  for (const gone of [path, `${path}/deliveries`, delivery]) await ask(gone, 404);
}
