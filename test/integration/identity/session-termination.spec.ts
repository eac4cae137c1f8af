import { SessionTermination } from '../../../src/modules/identity/index.js';
import { type CandidateActor, record, signUpCandidate, systemContext } from '../../support/actors.js';
import { runCommand } from '../../support/command-line.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { comeInAsStaff, signInStaff } from '../../support/staff.js';
import { entriesOf, newestAccount, sees } from './fixture.js';
import { sessionsOf, signIn } from './person.js';
import { RecoveryWay } from './recovery-way.js';

const NOBODY = '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b';

/** What operators do about accounts of others, with a session of their own and on the command line. */
describe('an operator', () => {
  let sceau: Sceau;
  let person: CandidateActor;
  let id: string;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(async () => {
    await sceau.database.query('DELETE FROM platform.rate_limit');
    person = await signUpCandidate(sceau);
    id = await newestAccount(sceau);
  });

  const isIn = async ({ client }: Pick<CandidateActor, 'client'>) =>
    (await client.request('/v1/me/sessions')).status === 200;

  it('ends every session of a person, who is told and sees it, and of nobody else', async () => {
    const other = await signUpCandidate(sceau);
    const second = await signIn(sceau, person);
    const operator = await signInStaff(sceau, 'operator');
    const path = `/v1/operator/accounts/${id}/sessions`;
    expect((await operator.request(path, { method: 'DELETE' })).status).toBe(204);
    expect([await isIn(person), await isIn(second), await isIn(other)]).toEqual([false, false, true]);
    await sceau.mailTo(person.email, /sessions ont pris fin/);
    const again = await signIn(sceau, person);
    expect(again.exchange.status).toBe(201);
    await sees({ ...person, client: again.client }, 'a mis fin à toutes vos sessions par précaution');
    const entry = (await entriesOf(sceau, 'session.terminated')).find(({ resource }) => resource.id === id);
    expect(entry).toMatchObject({ actor: { kind: 'operator' } });
  });

  it('does so with a fresh second factor only, and nobody else does', async () => {
    const path = `/v1/operator/accounts/${id}/sessions`;
    const operator = await signInStaff(sceau, 'operator');
    const missing = await operator.request(path.replace(id, NOBODY), { method: 'DELETE' });
    sceau.clock.advance({ minutes: 6 });
    const answers = [
      missing,
      await operator.request(path, { method: 'DELETE' }),
      await (await signInStaff(sceau, 'auditor')).request(path, { method: 'DELETE' }),
      await person.client.request(path, { method: 'DELETE' }),
    ];
    expect(answers.map(({ body }) => record(body)['code'])).toEqual([
      'not_found',
      'step_up_required',
      'forbidden_role',
      'forbidden_role',
    ]);
    expect(await isIn(person)).toBe(true);
  });

  it('does it on the command line too', async () => {
    expect(await runCommand(sceau, ['sessions', 'end', id])).toMatchObject({ code: 0, output: 'Ended.\n' });
    expect(await isIn(person)).toBe(false);
    expect((await runCommand(sceau, ['sessions', 'end', NOBODY])).code).not.toBe(0);
    expect((await runCommand(sceau, ['sessions', 'end', person.email])).code).not.toBe(0);
  }, 60_000);

  it('ends everybody’s on the command line, however many they are', async () => {
    const staff = await signInStaff(sceau, 'auditor');
    const { code, output } = await runCommand(sceau, ['sessions', 'end-all']);
    expect([code, output]).toEqual([0, expect.stringMatching(/^Ended the sessions of \d+ people\.\n$/)]);
    expect((await staff.request('/v1/me/sessions')).status).toBe(401);
    expect(await sceau.database.query('SELECT FROM identity.session')).toEqual([]);
    expect(await sceau.app.get(SessionTermination, { strict: false }).endAll(systemContext())).toBe(0);
  }, 60_000);

  it('sees and decides recoveries under their own name, but not that of their own account', async () => {
    const way = new RecoveryWay(sceau);
    const asked = await way.asked(person.email);
    const operator = await comeInAsStaff(sceau, 'operator');
    const own = await way.asked(operator.email);
    const post = (recovery: string, decision: string) =>
      operator.client.request(`/v1/operator/recoveries/${recovery}/${decision}`, { method: 'POST' });
    const listed = (await operator.client.request('/v1/operator/recoveries')).body;
    expect(JSON.stringify(listed)).not.toMatch(new RegExp(`@|${asked.account}`));
    expect(record(listed)['items']).toContainEqual(
      expect.objectContaining({ id: asked.id, status: 'asked' }),
    );
    const approved = await post(asked.id, 'approve');
    expect([approved.status, record(approved.body)['dueAt']]).toEqual([200, expect.any(String)]);
    expect((await post(asked.id, 'approve')).status).toBe(409);
    expect((await post(own.id, 'approve')).status).toBe(409);
    expect((await post(asked.id, 'refuse')).status).toBe(204);
    expect((await post(asked.id, 'refuse')).status).toBe(404);
    const entries = await entriesOf(sceau, 'recovery.approved');
    expect(entries).toMatchObject([{ actor: { kind: 'operator' }, resource: { id: asked.account } }]);
    sceau.clock.advance({ minutes: 6 });
    expect(record((await post(own.id, 'refuse')).body)['code']).toBe('step_up_required');
    expect(await sessionsOf(operator.client)).toHaveLength(1);
  });
});
