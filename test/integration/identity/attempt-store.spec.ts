import { randomBytes } from 'node:crypto';
import { AttemptStore } from '../../../src/modules/identity/attempts/attempt-store.js';
import { type Sceau, startSceau } from '../../support/sceau.js';

describe('attempts of several processes at once', () => {
  let sceau: Sceau;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  it('are looked at in whatever order their clocks were read, as long as there is no delay', async () => {
    const key = randomBytes(32);
    const store = sceau.app.get(AttemptStore, { strict: false });
    const now = Date.now();
    const begin = (at: number) => store.begin(key, new Date(at));
    for (const earlier of [0, 3, 1, 2]) expect(await begin(now - earlier)).toEqual({ kind: 'begun' });
    expect(await begin(now)).toEqual({ kind: 'begun' });
    // The fifth was the last without one.
    expect(await begin(now)).toMatchObject({ kind: 'turned away' });
  });
});
