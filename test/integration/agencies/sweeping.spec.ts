import { randomUUID } from 'node:crypto';
import { markOf, ReplayStore } from '../../../src/modules/agencies/persistence/replay-store.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { newProgram } from './agency-program.js';

describe('what has expired at the authorization server', () => {
  let sceau: Sceau;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  const mark = (issuer: string, until: Date): Promise<boolean> =>
    sceau.app.get(ReplayStore, { strict: false }).isFirstUse(markOf('proof', issuer, randomUUID(), until));

  const expired = async (): Promise<number> => {
    const rows = await sceau.database.query(
      `SELECT FROM oauth.replay WHERE expires_at <= now()
       UNION ALL SELECT FROM oauth.record WHERE expires_at <= now()`,
    );
    return rows.length;
  };

  it('is cleared away with the fiftieth mark after it, and what has not is kept', async () => {
    const program = await newProgram(sceau);
    await program.token();
    const live = await program.token();
    await sceau.database.query(
      `UPDATE oauth.record SET expires_at = now() - interval '1 second'
       WHERE id = (SELECT id FROM oauth.record ORDER BY id LIMIT 1)`,
    );
    const [past, future] = [new Date(Date.now() - 1_000), new Date(Date.now() + 60_000)];
    for (let done = 0; done < 20; done += 1) await mark('past', past);
    expect(await expired()).toBeGreaterThan(0);
    for (let done = 0; done < 50; done += 1) expect(await mark('future', future)).toBe(true);
    expect(await expired()).toBe(0);
    expect((await program.call(live)).status).toBe(200);
  });
});
