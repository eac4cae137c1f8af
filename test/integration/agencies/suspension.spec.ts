import { Clients } from '../../../src/modules/agencies/index.js';
import { systemContext } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { holding, waitsForALock } from '../sealing/rotation-fixture.js';
import { type AgencyProgram, newProgram } from './agency-program.js';

describe('a suspension in the middle of a token request', () => {
  let sceau: Sceau;
  let program: AgencyProgram;

  beforeAll(async () => {
    sceau = await startSceau();
    program = await newProgram(sceau);
  }, 60_000);

  afterAll(() => sceau.stop());

  const clients = () => sceau.app.get(Clients, { strict: false });

  it('leaves no token that a resumption would bring to life', async () => {
    const proof = await program.tokenProof();
    const release = await holding(sceau.database, 'SELECT FROM agencies.client WHERE id = $1 FOR UPDATE', [
      program.clientId,
    ]);
    // Both have found the client active and wait for its row, the suspension first.
    const suspending = clients().suspend(systemContext(), program.clientId);
    await waitsForALock(sceau.database);
    const asked = program.requestToken({ proof });
    await waitsForALock(sceau.database, 2);
    await release();
    await suspending;
    const { status, body } = await asked;
    expect([status, body['error']]).toEqual([401, 'invalid_client']);
    await clients().resume(systemContext(), program.clientId);
    expect(
      await sceau.database.query('SELECT FROM oauth.record WHERE client_id = $1', [program.clientId]),
    ).toEqual([]);
    expect((await program.requestToken()).status).toBe(200);
  });
});
