import { SigningKeys } from '../../../src/modules/agencies/index.js';
import { systemContext } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { ledgerEntries, newProgram } from './agency-program.js';

describe('signing keys of the authorization server', () => {
  let sceau: Sceau;
  /** Another process of the same installation. */
  let second: Sceau;

  beforeEach(async () => {
    sceau = await startSceau();
    const { database, home, clock } = sceau;
    second = await startSceau({ database, home, clock });
  }, 60_000);

  afterEach(async () => {
    await second.close();
    await sceau.stop();
  });

  /** The ids of the published keys, in their order. */
  async function published({ settings }: Sceau): Promise<string[]> {
    const response = await fetch(`http://127.0.0.1:${settings.http.port}/oauth/jwks`);
    const { keys }: { keys: Record<string, unknown>[] } = JSON.parse(await response.text());
    for (const key of keys) {
      expect(key).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' });
      expect(key).not.toHaveProperty('d');
    }
    return keys.map(({ kid }) => String(kid));
  }

  const rotate = (hours?: number) =>
    sceau.app.get(SigningKeys, { strict: false }).rotate(systemContext(), hours);

  const rows = () => sceau.database.query('SELECT row_id FROM oauth.signing_key');

  it('are one, however many processes ask for the first at once', async () => {
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, index) => published(index % 2 === 0 ? sceau : second)),
    );
    expect(new Set(all.flat()).size).toBe(1);
    expect(await rows()).toHaveLength(1);
  });

  it('reach every process within a minute, sign after two, and overlap', async () => {
    const [first = ''] = await published(sceau);
    expect(await published(second)).toEqual([first]);
    const { kid, retiresAt } = await rotate(2);
    expect(retiresAt.getTime() - sceau.clock.now().getTime()).toBeGreaterThan(7_190_000);
    sceau.clock.advance({ seconds: 61 });
    for (const process of [sceau, second]) expect(await published(process)).toEqual([first, kid]);
    sceau.clock.advance({ seconds: 61 });
    for (const process of [sceau, second]) expect(await published(process)).toEqual([kid, first]);
    sceau.clock.advance({ hours: 2 });
    for (const process of [sceau, second]) expect(await published(process)).toEqual([kid]);
    expect(await rows()).toHaveLength(2);
    await rotate();
    // What is published no more was destroyed.
    expect(await rows()).toHaveLength(2);
    expect(await ledgerEntries(sceau, 'key.signing_rotated')).toEqual([
      expect.objectContaining({ outcome: 'allowed', resource: { type: 'key', id: kid } }),
      expect.objectContaining({ outcome: 'allowed' }),
    ]);
  });

  it('renewed twice in a hurry are all published, and tokens are given and used meanwhile', async () => {
    const program = await newProgram(sceau);
    const token = await program.token();
    const [first = ''] = await published(sceau);
    const [one, two] = [await rotate(), await rotate()];
    sceau.clock.advance({ seconds: 125 });
    expect(await published(sceau)).toEqual([two.kid, one.kid, first]);
    const iat = Math.floor(sceau.clock.now().getTime() / 1_000);
    expect((await program.call(token, { claims: { iat } })).status).toBe(200);
    expect((await program.introspect(token)).body).toMatchObject({ active: true });
  });

  it.each([0, -1, 1.5, 2_161, Number.NaN])('do not overlap for %p hours', async (hours) => {
    await expect(rotate(hours)).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await ledgerEntries(sceau, 'key.signing_rotated')).toEqual([]);
  });
});
