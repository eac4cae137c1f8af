import type { AgencyScope } from '../../../src/kernel/context.js';
import { newId } from '../../../src/kernel/ids.js';
import { ClientChanges, ClientRegister, Clients } from '../../../src/modules/agencies/index.js';
import { systemContext } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { holding, waitsForALock } from '../sealing/rotation-fixture.js';
import { AgencyProgram, ledgerEntries, newAssertionKey, newProgram, newProofKey } from './agency-program.js';

const HOUR_MS = 3_600_000;

describe('a client', () => {
  let sceau: Sceau;
  let program: AgencyProgram;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(async () => {
    program = await newProgram(sceau);
  });

  const changes = () => sceau.app.get(ClientChanges, { strict: false });
  const clients = () => sceau.app.get(Clients, { strict: false });
  const registered = async (id = program.clientId) =>
    sceau.app.get(ClientRegister, { strict: false }).one(systemContext(), id);
  const which = (id = program.clientId) => ({ id });
  const change = (scopes: readonly AgencyScope[]) => changes().change(systemContext(), which(), { scopes });

  /** @returns the same program with the new key */
  async function replaceKeys(oldKeysUntil: Date): Promise<AgencyProgram> {
    const { key, publicKey } = await newAssertionKey('ES256');
    const replacement = { jwks: { keys: [publicKey] }, oldKeysUntil };
    await changes().replaceKeys(systemContext(), which(), replacement);
    return new AgencyProgram(program.url, { ...idsOf(program), key }, program.server);
  }

  const idsOf = ({ agencyId, clientId, key, proofKey }: AgencyProgram) => ({
    agencyId,
    clientId,
    key,
    proofKey,
  });
  const inOneHour = () => new Date(sceau.clock.now().getTime() + HOUR_MS);

  async function expectRefused(who: AgencyProgram): Promise<void> {
    expect(await who.requestToken()).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  }

  it('signs in with the old and the new key until the moment, and with the new one after it', async () => {
    const token = await program.token();
    const renewed = await replaceKeys(inOneHour());
    expect((await program.call(token)).status).toBe(200);
    await program.token();
    expect((await renewed.call(await renewed.token())).status).toBe(200);
    expect((await registered()).registration?.keys).toEqual([
      { kid: renewed.key.kid, alg: 'ES256', until: null },
      { kid: program.key.kid, alg: 'ES256', until: expect.any(Date) },
    ]);
    sceau.clock.advance({ hours: 1 });
    await expectRefused(program);
    await renewed.token();
    sceau.clock.advance({ hours: -1 });
  });

  it('loses the old key and every token at once when that is asked for', async () => {
    const token = await program.token();
    const renewed = await replaceKeys(sceau.clock.now());
    expect(await program.call(token)).toMatchObject({ status: 401, body: { code: 'token_refused' } });
    await expectRefused(program);
    expect((await renewed.call(await renewed.token())).status).toBe(200);
    const entries = await ledgerEntries(sceau, 'client.keys_replaced');
    expect(entries.at(-1)).toMatchObject({
      resource: { id: program.clientId },
      agency: program.agencyId,
      reason: 'at_once',
    });
  });

  /** The change waits for the row, then the token, whose assertion was checked before the change. */
  async function changedMeanwhile(work: () => Promise<unknown>) {
    const proof = await program.tokenProof();
    const lock = 'SELECT FROM agencies.client WHERE id = $1 FOR UPDATE';
    const release = await holding(sceau.database, lock, [program.clientId]);
    const changing = work();
    await waitsForALock(sceau.database);
    const asked = program.requestToken({ proof });
    await waitsForALock(sceau.database, 2);
    await release();
    await changing;
    return asked;
  }

  it('gets no token for a key that is taken from it meanwhile', async () => {
    const asked = await changedMeanwhile(() => replaceKeys(sceau.clock.now()));
    expect([asked.status, asked.body['error']]).toEqual([401, 'invalid_client']);
    expect(
      await sceau.database.query('SELECT FROM oauth.record WHERE client_id = $1', [program.clientId]),
    ).toEqual([]);
  });

  it('gets its token when something else of it is changed meanwhile', async () => {
    const asked = await changedMeanwhile(() => change(['vacancies:read']));
    expect(asked.status).toBe(200);
  });

  it('loses a scope with the very next request, and gains none for a token that is out', async () => {
    const token = await program.token('vacancies:read applications:read');
    const read = (path: string) => program.call(token, {}, path);
    expect((await read('/v1/agency/applications')).status).toBe(200);
    await change(['vacancies:read']);
    const refused = await read('/v1/agency/applications');
    expect([refused.status, refused.body['code']]).toEqual([403, 'forbidden_scope']);
    expect((await read('/v1/agency/vacancies')).status).toBe(200);
    expect((await program.requestToken({ form: { scope: 'applications:read' } })).status).toBe(400);
    const narrow = await program.token('vacancies:read');
    await change(['vacancies:read', 'applications:read']);
    expect((await program.call(narrow, {}, '/v1/agency/applications')).status).toBe(403);
    const wide = await program.token('applications:read');
    expect((await program.call(wide, {}, '/v1/agency/applications')).status).toBe(200);
    const entries = await ledgerEntries(sceau, 'client.changed');
    expect(entries.at(-1)).toMatchObject({ resource: { id: program.clientId }, agency: program.agencyId });
  });

  it('is one of several of its agency, none of which answers for another', async () => {
    const { key, publicKey } = await newAssertionKey('EdDSA');
    const { id: clientId } = await clients().create(systemContext(), program.agencyId, {
      name: 'Seconde',
      jwks: { keys: [publicKey] },
      scopes: ['vacancies:read'],
    });
    const ids = { agencyId: program.agencyId, clientId, key, proofKey: await newProofKey() };
    const second = new AgencyProgram(program.url, ids, program.server);
    const [mine, theirs] = [await program.token(), await second.token()];
    expect((await second.introspect(mine)).body).toEqual({ active: false });
    await second.revoke(mine);
    expect((await program.call(mine)).status).toBe(200);
    expect((await second.call(mine)).status).toBe(401);
    await clients().suspend(systemContext(), program.clientId);
    expect((await program.call(mine)).status).toBe(401);
    expect((await second.call(theirs)).status).toBe(200);
    await clients().resume(systemContext(), program.clientId);
    expect((await program.call(await program.token())).status).toBe(200);
    const all = await sceau.app.get(ClientRegister, { strict: false }).of(systemContext(), program.agencyId);
    expect(all.map(({ id, registration }) => [id, registration?.name])).toEqual([
      [program.clientId, 'Essai'],
      [clientId, 'Seconde'],
    ]);
  });

  it('is changed by nobody who has seen an older state of it', async () => {
    const { revision } = await registered();
    const version = { id: program.clientId, revision };
    await changes().change(systemContext(), version, { name: 'Un' });
    await expect(changes().change(systemContext(), version, { name: 'Deux' })).rejects.toMatchObject({
      code: 'precondition_failed',
    });
    expect((await registered()).registration?.name).toBe('Un');
  });

  it('is nothing that can be changed where there is none', async () => {
    const id = newId<'client'>(Date.now());
    await expect(changes().change(systemContext(), { id }, { name: 'Un' })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(registered(id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each([
    ['no scope', { scopes: [] }, '/scopes'],
    ['no name', { name: ' ' }, '/name'],
    ['a name that is too long', { name: 'n'.repeat(201) }, '/name'],
  ])('refuses %s', async (_, wish, pointer) => {
    await expect(changes().change(systemContext(), which(), wish)).rejects.toMatchObject({
      code: 'invalid_request',
      fields: [{ pointer }],
    });
  });

  it('that was altered is shown as refused and cannot be changed', async () => {
    await sceau.database.query(`UPDATE agencies.client SET created_at = now() WHERE id = $1`, [
      program.clientId,
    ]);
    expect(await registered()).toMatchObject({ status: 'refused', registration: null });
    await expect(change(['vacancies:read'])).rejects.toMatchObject({ code: 'conflict' });
    await expect(replaceKeys(inOneHour())).rejects.toMatchObject({ code: 'conflict' });
    const alerts = await ledgerEntries(sceau, 'security_record.refused');
    expect(alerts.at(-1)).toMatchObject({ resource: { id: program.clientId }, reason: 'forged' });
  });
});
