import type { OpenAPIObject } from '@nestjs/swagger';
import { newId } from '../../../src/kernel/ids.js';
import type { PersonClient } from '../../../tools/client/person.ts';
import { record, signUpCandidate } from '../../support/actors.js';
import { Contract } from '../../support/contract.js';
import { operationsOf } from '../../support/operations.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { signInStaff } from '../../support/staff.js';
import { AgencyProgram, newAssertionKey, newProofKey } from './agency-program.js';

const OURS = /^\/v1\/operator\/(agencies|clients)/;

describe('agencies and clients in the operators’ API', () => {
  let sceau: Sceau;
  let contract: OpenAPIObject;
  let operator: PersonClient;

  beforeAll(async () => {
    sceau = await startSceau();
    operator = await signInStaff(sceau, 'operator');
    contract = JSON.parse(JSON.stringify((await operator.request('/openapi.json')).body));
  }, 60_000);

  afterAll(() => sceau.stop());

  const ask = async (path: string, body?: object, method = body === undefined ? 'GET' : 'POST', tag = '') => {
    const headers = tag === '' ? {} : { 'if-match': tag };
    const sent = body === undefined ? {} : { body };
    const answer = await operator.request(`/v1/operator${path}`, { method, headers, ...sent });
    expect(new Contract(contract).surprises(answer)).toEqual([]);
    return { ...answer, content: record(answer.body ?? {}), tag: answer.headers.get('etag') ?? '' };
  };
  const codeOf = ({ status, content }: Awaited<ReturnType<typeof ask>>) => [status, content['code']];
  const createAgency = async (name = 'Ville de Brest') =>
    String((await ask('/agencies', { name })).content['id']);

  async function register(agencyId: string) {
    const { key, publicKey } = await newAssertionKey('ES256');
    const body = { name: 'RH', jwks: { keys: [publicKey] }, scopes: ['vacancies:read'] };
    const created = await ask(`/agencies/${agencyId}/clients`, body);
    expect(created.status).toBe(201);
    const id = String(created.content['id']);
    const one = await ask(`/clients/${id}`);
    return { id, key, one };
  }

  async function programOf(id: string, key: AgencyProgram['key']): Promise<AgencyProgram> {
    const ids = { agencyId: newId<'agency'>(0), clientId: newId<'client'>(0), proofKey: await newProofKey() };
    return Object.assign(new AgencyProgram(sceau.url, { ...ids, key }), { clientId: id });
  }

  it('lists agencies by pages, newest first, and shows one', async () => {
    const names = ['Une', 'Deux', 'Trois'].map((name) => `Mairie ${name}`);
    const ids: string[] = [];
    for (const name of names) ids.push(await createAgency(name));
    const first = await ask('/agencies?limit=2');
    const items = first.content['items'];
    expect(items).toMatchObject([
      { id: ids[2], name: names[2] },
      { id: ids[1], name: names[1] },
    ]);
    const next = await ask(`/agencies?limit=2&cursor=${String(first.content['nextCursor'])}`);
    expect(next.content['items']).toMatchObject([{ id: ids[0], name: names[0] }]);
    expect(next.content['nextCursor']).toBeNull();
    expect((await ask(`/agencies/${ids[0] ?? ''}`)).content).toMatchObject({ id: ids[0], name: names[0] });
    expect(codeOf(await ask('/agencies?cursor=x.y'))).toEqual([400, 'invalid_cursor']);
  });

  it('registers a client that gets a token, renames it and changes what it may do', async () => {
    const agencyId = await createAgency();
    const { id, key, one } = await register(agencyId);
    expect(one.content).toMatchObject({
      id,
      agencyId,
      status: 'active',
      name: 'RH',
      scopes: ['vacancies:read'],
      keys: [{ kid: key.kid, alg: 'ES256', until: null }],
    });
    const program = await programOf(id, key);
    const token = await program.token();
    expect((await program.call(token)).status).toBe(200);
    const changed = await ask(`/clients/${id}`, { name: 'Autre', scopes: ['usage:read'] }, 'PATCH', one.tag);
    expect(changed.content).toMatchObject({ name: 'Autre', scopes: ['usage:read'] });
    expect((await program.call(token)).status).toBe(403);
    expect(codeOf(await ask(`/clients/${id}`, { name: 'Tard' }, 'PATCH', one.tag))).toEqual([
      412,
      'precondition_failed',
    ]);
    expect(codeOf(await ask(`/clients/${id}`, { name: 'Sans' }, 'PATCH'))).toEqual([
      428,
      'precondition_required',
    ]);
    const { content } = await ask(`/agencies/${agencyId}/clients`);
    expect(content['items']).toMatchObject([{ id, name: 'Autre' }]);
  });

  it('replaces keys with an overlap, suspends and resumes', async () => {
    const { id, key, one } = await register(await createAgency());
    const { key: newKey, publicKey } = await newAssertionKey('EdDSA');
    const until = new Date(sceau.clock.now().getTime() + 3_600_000).toISOString();
    const body = { jwks: { keys: [publicKey] }, oldKeysUntil: until };
    const replaced = await ask(`/clients/${id}/keys`, body, 'PUT', one.tag);
    expect(replaced.content['keys']).toEqual([
      { kid: newKey.kid, alg: 'EdDSA', until: null },
      { kid: key.kid, alg: 'ES256', until },
    ]);
    const [old, renewed] = [await programOf(id, key), await programOf(id, newKey)];
    await old.token();
    const token = await renewed.token();
    expect((await ask(`/clients/${id}/suspend`, undefined, 'POST')).status).toBe(204);
    expect((await renewed.call(token)).status).toBe(401);
    expect((await ask(`/clients/${id}`)).content).toMatchObject({ status: 'suspended' });
    expect((await ask(`/clients/${id}/resume`, undefined, 'POST')).status).toBe(204);
    expect((await renewed.call(token)).status).toBe(401);
    await renewed.token();
  });

  it('creates a sandbox, and says which agency is one', async () => {
    const { content } = await ask('/agencies', { name: 'Bac à sable', sandbox: true });
    expect((await ask(`/agencies/${String(content['id'])}`)).content).toMatchObject({ sandbox: true });
    expect((await ask(`/agencies/${await createAgency()}`)).content).toMatchObject({ sandbox: false });
  });

  it('creates once for one idempotency key', async () => {
    const twice = { body: { name: 'Une fois' }, headers: { 'idempotency-key': crypto.randomUUID() } };
    const [first, second] = [
      await operator.request('/v1/operator/agencies', twice),
      await operator.request('/v1/operator/agencies', twice),
    ];
    expect(second.body).toEqual(first.body);
  });

  it('refuses a private key without repeating it', async () => {
    const { key } = await newAssertionKey('ES256');
    const body = { name: 'RH', jwks: { keys: [key] }, scopes: ['vacancies:read'] };
    const answer = await ask(`/agencies/${await createAgency()}/clients`, body);
    expect(codeOf(answer)).toEqual([422, 'invalid_request']);
    expect(answer.content['errors']).toMatchObject([{ pointer: '/jwks/keys/0' }]);
    expect(JSON.stringify(answer.body)).not.toContain(String(key.d));
  });

  it.each([{ jwks: {} }, { jwks: { keys: 'x' } }, { jwks: { keys: [1] } }, { jwks: { keys: [] } }])(
    'refuses what is no key set (%j)',
    async ({ jwks }) => {
      const body = { name: 'RH', jwks, scopes: ['vacancies:read'] };
      expect(codeOf(await ask(`/agencies/${await createAgency()}/clients`, body))).toEqual([
        422,
        'invalid_request',
      ]);
    },
  );

  it('knows no agency and no client that there is not', async () => {
    const id = newId(Date.now());
    const { publicKey } = await newAssertionKey('ES256');
    const client = { name: 'RH', jwks: { keys: [publicKey] }, scopes: ['vacancies:read'] };
    for (const answer of [
      await ask(`/agencies/${id}`),
      await ask(`/agencies/${id}/clients`),
      await ask(`/agencies/${id}/clients`, client),
      await ask(`/clients/${id}`),
      await ask(`/clients/${id}`, { name: 'X' }, 'PATCH', '"r1"'),
      await ask(`/clients/${id}/suspend`, undefined, 'POST'),
    ])
      expect(codeOf(answer)).toEqual([404, 'not_found']);
  });

  it('is for operators, and what changes anything wants a fresh second factor', async () => {
    const routes = operationsOf(contract).filter(({ path }) => OURS.test(path));
    expect(routes).toHaveLength(13);
    const id = newId(Date.now());
    for (const other of [(await signUpCandidate(sceau)).client, await signInStaff(sceau, 'auditor')])
      for (const route of routes) {
        const { status, body } = await other.request(route.sample(id), { method: route.method });
        expect([status, record(body)['code']]).toEqual([403, 'forbidden_role']);
      }
    const stale = await signInStaff(sceau, 'operator');
    sceau.clock.advance({ minutes: 6 });
    for (const route of routes) {
      const { method } = route;
      const { body } = await stale.request(route.sample(id), { method, headers: { 'if-match': '"r1"' } });
      expect([method, record(body)['code'] === 'step_up_required']).toEqual([method, method !== 'GET']);
    }
    sceau.clock.advance({ minutes: -6 });
  });
});
