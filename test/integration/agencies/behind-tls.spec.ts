import { type Sceau, startSceau } from '../../support/sceau.js';
import { type AgencyProgram, newProgram } from './agency-program.js';

describe('agencies where something else ends TLS', () => {
  let sceau: Sceau;
  let program: AgencyProgram;

  beforeAll(async () => {
    sceau = await startSceau({
      adjust: (settings) => ({ ...settings, publicUrl: 'https://recrutement.example.fr' }),
    });
    program = await newProgram(sceau);
  }, 60_000);

  afterAll(() => sceau.stop());

  it('prove possession for the address that the outside knows', async () => {
    const token = await program.token();
    expect((await program.call(token)).status).toBe(200);
    expect((await program.introspect(token)).body).toMatchObject({ active: true });
  });

  it.each<Record<string, string>>([
    {},
    { 'x-forwarded-proto': 'http', 'x-forwarded-host': 'ailleurs.example.com' },
    { forwarded: 'proto=http;host=ailleurs.example.com' },
  ])('prove it for no other address, whatever the request says about itself (%j)', async (headers) => {
    const htu = [`${program.server}/oauth/token`, 'http://ailleurs.example.com/oauth/token'];
    for (const claims of htu.map((one) => ({ htu: one }))) {
      const proof = await program.tokenProof({ claims });
      const answer = await program.requestToken({ proof, headers });
      expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_dpop_proof']);
    }
    expect((await program.requestToken({ headers })).status).toBe(200);
  });
});
