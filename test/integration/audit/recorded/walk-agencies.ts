import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { Exchange, RequestOptions } from '../../../../tools/client/exchange.ts';
import { record } from '../../../support/actors.js';
import type { Sceau } from '../../../support/sceau.js';
import { signInStaff } from '../../../support/staff.js';

const newKeys = (): object => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'ES256' }] };
};

/** An operator creates an agency and a client, and does to it all that can be done. */
export async function walkAgencies(sceau: Sceau): Promise<void> {
  const operator = await signInStaff(sceau, 'operator');
  const ask = async (path: string, options: RequestOptions = {}): Promise<Exchange> => {
    const answer = await operator.request(`/v1/operator${path}`, options);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  };
  const idOf = ({ body }: Exchange): string => String(record(body)['id']);
  const tagOf = ({ headers }: Exchange) => ({ 'if-match': headers.get('etag') ?? '' });
  const agency = idOf(await ask('/agencies', { body: { name: 'Ville de Brest' } }));
  await ask('/agencies');
  await ask(`/agencies/${agency}`);
  const budget = `/agencies/${agency}/budget`;
  const none = await ask(budget);
  const until = new Date(sceau.clock.now().getTime() + 3_600_000).toISOString();
  const set = await ask(budget, { method: 'PUT', body: { hour: 10, until }, headers: tagOf(none) });
  await ask(budget, { method: 'DELETE', headers: tagOf(set) });
  const body = { name: 'Logiciel', jwks: newKeys(), scopes: ['vacancies:read'] };
  const path = `/clients/${idOf(await ask(`/agencies/${agency}/clients`, { body }))}`;
  await ask(`/agencies/${agency}/clients`);
  const read = await ask(path);
  const changed = await ask(path, {
    method: 'PATCH',
    body: { scopes: ['usage:read'] },
    headers: tagOf(read),
  });
  await ask(`${path}/keys`, {
    method: 'PUT',
    body: { jwks: newKeys(), oldKeysUntil: sceau.clock.now().toISOString() },
    headers: tagOf(changed),
  });
  await ask(`${path}/suspend`, { method: 'POST' });
  await ask(`${path}/resume`, { method: 'POST' });
}
