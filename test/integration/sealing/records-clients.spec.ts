import { createHash } from 'node:crypto';
import { type ClientId, newId } from '../../../src/kernel/ids.js';
import { ClientChanges, Clients } from '../../../src/modules/agencies/index.js';
import { systemContext } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { AgencyProgram, newProgram } from '../agencies/agency-program.js';
import { copyRow, plant, putBack, refusalsOf, type Row } from './record-rows.js';

const CLIENT = 'agencies.client';

/** A writer to the database with every right in it, against agencies' programs. */
describe('a client’s record', () => {
  let sceau: Sceau;
  let program: AgencyProgram;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  beforeEach(async () => {
    program = await newProgram(sceau);
  });

  const clients = (): Clients => sceau.app.get(Clients, { strict: false });
  const suspend = (id: ClientId = program.clientId) => clients().suspend(systemContext(), id);
  const resume = (id: ClientId = program.clientId) => clients().resume(systemContext(), id);
  const copy = (): Promise<Row> => copyRow(sceau.database, CLIENT, program.clientId);
  const restore = (row: Row): Promise<void> => putBack(sceau.database, CLIENT, row);
  const refusals = (id: string = program.clientId) => refusalsOf(sceau.database, id);

  async function requireRefused(who = program): Promise<void> {
    expect(await who.requestToken()).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  }

  it('stands through suspension and resumption', async () => {
    await program.token();
    await suspend();
    await requireRefused();
    await resume();
    await program.token();
    expect(await refusals()).toEqual([]);
  });

  it('stays suspended when its old row is put back, and its tokens with it', async () => {
    const old = await copy();
    const token = await program.token();
    expect((await program.call(token)).status).toBe(200);
    const [kept] = await sceau.database.query<{ id: string }>(
      'SELECT id FROM oauth.record WHERE client_id = $1',
      [program.clientId],
    );
    const tokenRow = await copyRow(sceau.database, 'oauth.record', kept?.id ?? '');
    await suspend();
    await restore(old);
    await plant(sceau.database, 'oauth.record', tokenRow);
    expect(await program.call(token)).toMatchObject({ status: 401, body: { code: 'token_refused' } });
    await requireRefused();
    expect(new Set(await refusals())).toEqual(new Set(['refused: superseded']));
    await expect(suspend()).rejects.toMatchObject({ code: 'conflict' });
  });

  it('does not take its keys and scopes of before, even with the status of now', async () => {
    const old = await copy();
    await suspend();
    await resume();
    const present = await copy();
    expect(old['status']).toBe(present['status']);
    await restore(old);
    await requireRefused();
    expect(new Set(await refusals())).toEqual(new Set(['refused: superseded']));
    await restore(present);
    await program.token();
  });

  it('stays suspended when the column says otherwise', async () => {
    await suspend();
    await sceau.database.query(`UPDATE agencies.client SET status = 'active' WHERE id = $1`, [
      program.clientId,
    ]);
    await requireRefused();
    expect(new Set(await refusals())).toEqual(new Set(['refused: forged']));
  });

  it('belongs to no other agency', async () => {
    const other = await newProgram(sceau);
    const token = await program.token();
    await restore({ ...(await copy()), agency_id: other.agencyId });
    expect((await program.call(token)).status).toBe(401);
    await requireRefused();
    expect(new Set(await refusals())).toEqual(new Set(['refused: forged']));
  });

  it('does not stand with the MAC and revision of another client', async () => {
    const other = await newProgram(sceau);
    const theirs = await copyRow(sceau.database, CLIENT, other.clientId);
    await restore({ ...(await copy()), mac: theirs['mac'], revision: theirs['revision'] });
    await requireRefused();
    expect(new Set(await refusals())).toEqual(new Set(['refused: forged']));
  });

  it('does not stand with other sealed bytes, its own of before or another client’s', async () => {
    const before = await copy();
    await sceau.app
      .get(ClientChanges, { strict: false })
      .change(systemContext(), { id: program.clientId }, { name: 'Autrement' });
    const present = await copy();
    const theirs = await copyRow(sceau.database, CLIENT, (await newProgram(sceau)).clientId);
    for (const { metadata } of [before, theirs].map((row) => ({ metadata: row['metadata'] }))) {
      await restore({ ...present, metadata });
      await requireRefused();
    }
    expect(new Set(await refusals())).toEqual(new Set(['refused: forged']));
    await restore(present);
    await program.token();
  });

  it('is told from that of another client whose proofs are signed with the same key', async () => {
    const ids = { ...(await newProgram(sceau)), proofKey: program.proofKey };
    const other = new AgencyProgram(program.url, ids, program.server);
    const [mine, theirs] = [await program.token(), await other.token()];
    const inTurn = async (): Promise<number[]> => {
      const statuses: number[] = [];
      for (const [who, token] of [
        [program, mine],
        [other, theirs],
        [program, mine],
      ] as const)
        statuses.push((await who.call(token)).status);
      return statuses;
    };
    expect(await inTurn()).toEqual([200, 200, 200]);
    const old = await copyRow(sceau.database, CLIENT, other.clientId);
    await sceau.app
      .get(ClientChanges, { strict: false })
      .change(systemContext(), { id: other.clientId }, { name: 'Autrement' });
    expect(await inTurn()).toEqual([200, 200, 200]);
    await restore(old);
    expect(await inTurn()).toEqual([200, 401, 200]);
    expect(new Set(await refusals(other.clientId))).toEqual(new Set(['refused: superseded']));
  });

  it('has no token but those that it was issued', async () => {
    const other = await newProgram(sceau);
    const token = await other.token();
    const [kept] = await sceau.database.query<{ id: string }>(
      'SELECT id FROM oauth.record WHERE client_id = $1',
      [other.clientId],
    );
    const row = await copyRow(sceau.database, 'oauth.record', kept?.id ?? '');
    const value = 'A'.repeat(43);
    const digest = `\\x${createHash('sha256').update(value).digest('hex')}`;
    const planted = { ...row, id: newId(Date.now()), digest, client_id: program.clientId };
    await plant(sceau.database, 'oauth.record', planted);
    expect(await program.call(value)).toMatchObject({ status: 401, body: { code: 'token_refused' } });
    expect((await other.call(token)).status).toBe(200);
    // Nor does one that was issued become another client's by its column.
    await sceau.database.query('UPDATE oauth.record SET client_id = $1 WHERE id = $2', [
      program.clientId,
      kept?.id,
    ]);
    expect(await other.call(token)).toMatchObject({ status: 401, body: { code: 'token_refused' } });
  });

  it('does not come to life where nobody has registered it', async () => {
    const clientId: ClientId = newId<'client'>(Date.now());
    await plant(sceau.database, CLIENT, { ...(await copy()), id: clientId });
    const { url, agencyId, key, proofKey } = program;
    const intruder = new AgencyProgram(url, { agencyId, clientId, key, proofKey });
    await requireRefused(intruder);
    expect(new Set(await refusals(clientId))).toEqual(new Set(['refused: forged']));
    await program.token();
  });

  it('stands whatever number of changes and readings come at once', async () => {
    const token = await program.token();
    const changes = Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? suspend() : resume()));
    const readings = Array.from({ length: 6 }, () => program.call(token));
    await Promise.all([...changes, ...readings]);
    expect(await refusals()).toEqual([]);
    await resume();
    await program.token();
    expect(await refusals()).toEqual([]);
  });
});
