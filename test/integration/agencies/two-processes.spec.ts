import { randomUUID } from 'node:crypto';
import { fillSandbox } from '../../../src/cli/sandbox/fill-sandbox.js';
import { Clients } from '../../../src/modules/agencies/index.js';
import { systemContext } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { type AgencyProgram, type Answer, ledgerEntries, newProgram, refusalOf } from './agency-program.js';
import { type ApiProcesses, startApiProcesses } from './api-processes.js';

const TIMES = 10;
const PATH = '/v1/agency/vacancies';

describe('agencies before two processes', () => {
  let sceau: Sceau;
  let processes: ApiProcesses;
  let program: AgencyProgram;
  /** The same program, turning to the one and the other. */
  let sides: readonly [AgencyProgram, AgencyProgram];

  beforeAll(async () => {
    sceau = await startSceau();
    processes = await startApiProcesses(sceau, 2);
    program = await newProgram(sceau);
    const [one = '', other = ''] = processes.urls;
    sides = [program.at(one), program.at(other)];
  }, 60_000);

  afterAll(async () => {
    await processes.stop();
    await sceau.stop();
  });

  /** All at once, to the one and the other in turn. */
  const race = (ask: (side: AgencyProgram, index: number) => Promise<Answer>): Promise<Answer[]> =>
    Promise.all(Array.from({ length: TIMES }, (_, index) => ask(sides[index % 2 === 0 ? 0 : 1], index)));

  const outcomes = (answers: readonly Answer[]): string[] =>
    answers.map(({ status, body }) => JSON.stringify([status, body['error'] ?? body['code']])).toSorted();

  const tokensKept = async (): Promise<number> => {
    const rows = await sceau.database.query('SELECT FROM oauth.record WHERE client_id = $1', [
      program.clientId,
    ]);
    return rows.length;
  };
  const entriesKept = async (): Promise<number> => (await ledgerEntries(sceau, 'token.issued')).length;

  const rounds = [1, 2, 3];

  it.each(rounds)('an assertion is good once, whichever of them is asked (round %i)', async () => {
    const assertion = await program.assertion();
    const proofs = await Promise.all(Array.from({ length: TIMES }, () => program.tokenProof()));
    const [before, recorded] = [await tokensKept(), await entriesKept()];
    const answers = await race((side, index) =>
      side.requestToken({ assertion, proof: proofs[index] ?? null }),
    );
    expect(outcomes(answers)).toEqual([
      '[200,null]',
      ...Array<string>(TIMES - 1).fill('[401,"invalid_client"]'),
    ]);
    for (const answer of answers.filter(({ status }) => status === 401))
      expect(await refusalOf(sceau, answer)).toMatchObject({ reason: 'invalid_client' });
    expect([await tokensKept(), await entriesKept()]).toEqual([before + 1, recorded + 1]);
  });

  it.each(rounds)('a proof is good for one token (round %i)', async () => {
    const before = await tokensKept();
    const recorded = await entriesKept();
    const proof = await program.tokenProof();
    const answers = await race((side) => side.requestToken({ proof }));
    expect(outcomes(answers)).toEqual([
      '[200,null]',
      ...Array<string>(TIMES - 1).fill('[400,"invalid_grant"]'),
    ]);
    expect(await tokensKept()).toBe(before + 1);
    expect(await entriesKept()).toBe(recorded + 1);
  });

  it.each(rounds)('a proof is good for one request to the API (round %i)', async () => {
    const token = await program.token();
    const headers = { authorization: `DPoP ${token}`, dpop: await program.apiProof(token, PATH) };
    const answers = await race((side) => side.get(PATH, headers));
    expect(outcomes(answers)).toEqual([
      '[200,null]',
      ...Array<string>(TIMES - 1).fill('[401,"token_refused"]'),
    ]);
    for (const answer of answers.filter(({ status }) => status === 401))
      expect(await refusalOf(sceau, answer)).toMatchObject({ reason: 'proof_replayed' });
  });

  it('an identifier of an assertion may be that of a proof', async () => {
    const jti = randomUUID();
    const [assertion, proof] = [
      await program.assertion({ jti }),
      await program.tokenProof({ claims: { jti } }),
    ];
    const { status, body } = await sides[0].requestToken({ assertion, proof });
    expect(status).toBe(200);
    expect((await sides[1].call(String(body['access_token']), { claims: { jti } })).status).toBe(200);
  });

  it('the token of the one is good at the other, and dead at once when either has revoked it', async () => {
    const [one, other] = sides;
    const token = await one.token();
    expect([(await one.call(token)).status, (await other.call(token)).status]).toEqual([200, 200]);
    expect((await other.introspect(token)).body).toMatchObject({ active: true });
    expect((await other.revoke(token)).status).toBe(200);
    expect([(await one.call(token)).status, (await other.call(token)).status]).toEqual([401, 401]);
    expect((await one.introspect(token)).body).toEqual({ active: false });
  });

  it('a suspension counts on the very next request at either, and its tokens stay dead', async () => {
    const clients = sceau.app.get(Clients, { strict: false });
    const [one, other] = sides;
    const tokens = [await one.token(), await other.token()];
    for (const token of tokens) expect((await other.call(token)).status).toBe(200);
    await clients.suspend(systemContext(), program.clientId);
    for (const side of sides) {
      for (const token of tokens) expect((await side.call(token)).status).toBe(401);
      expect((await side.requestToken()).body).toMatchObject({ error: 'invalid_client' });
    }
    await clients.resume(systemContext(), program.clientId);
    for (const side of sides) {
      for (const token of tokens) expect((await side.call(token)).status).toBe(401);
      expect((await side.call(await side.token())).status).toBe(200);
    }
  });

  it('share a budget to the last candidate; then the client is suspended, whichever of them is asked', async () => {
    const reader = await newProgram(sceau, { mode: 'sandbox' });
    const { agencyId, clientId } = reader;
    await fillSandbox(sceau.app, systemContext(), agencyId, TIMES, () => undefined);
    await sceau.database.query(
      `INSERT INTO disclosure.spent (agency_id, candidate_id, hour, counted_at, client_id, purpose)
       SELECT $1, gen_random_uuid(), date_trunc('hour', $3::timestamptz, 'UTC'), $3, $2, 'review' FROM generate_series(1, 46)`,
      [agencyId, clientId, sceau.clock.now()],
    );
    const rows = await sceau.database.query<{ id: string }>(
      'SELECT id FROM applications.application WHERE agency_id = $1',
      [agencyId],
    );
    const desks = processes.urls.map((url) => reader.at(url));
    const token = await reader.token('vacancies:read applications:read');
    const answers = await Promise.all(
      rows.map(async ({ id }, at) => {
        const desk = desks[at % desks.length] ?? reader;
        const path = `/v1/agency/applications/${id}`;
        const dpop = await desk.apiProof(token, path);
        return desk.get(path, { authorization: `DPoP ${token}`, dpop, purpose: 'review' });
      }),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(4);
    // Whoever asks later than the first refusal has no token any more.
    expect(statuses.filter((status) => ![200, 429, 401].includes(status))).toEqual([]);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body).toMatchObject({ code: 'disclosure_budget_spent' });
    const spent = 'SELECT DISTINCT candidate_id FROM disclosure.spent WHERE agency_id = $1';
    expect(await sceau.database.query(spent, [agencyId])).toHaveLength(50);
    for (const desk of desks) {
      expect((await desk.call(token)).status).toBe(401);
      expect((await desk.requestToken()).body).toMatchObject({ error: 'invalid_client' });
    }
    const suspensions = await ledgerEntries(sceau, 'client.suspended');
    expect(suspensions.filter(({ agency }) => agency === agencyId)).toMatchObject([
      { actor: { kind: 'system', id: 'disclosure.budget' }, reason: 'budget_spent' },
    ]);
  });
});
