import { signInStaff } from '../../support/staff.js';
import { type Sceau, startSceau } from '../../support/sceau.js';

describe('processes', () => {
  let sceau: Sceau;

  beforeAll(async () => {
    sceau = await startSceau();
    // Whatever is signed after them is in the tree after them.
    await signInStaff(sceau, 'auditor');
  }, 60_000);

  const entries = (action: string) =>
    sceau.database.query<{ name: string; digest: string }>(
      `SELECT e#>>'{actor,id}' AS name, e#>>'{resource,id}' AS digest
       FROM (SELECT convert_from(envelope, 'UTF8')::jsonb FROM audit.staging
             UNION ALL SELECT convert_from(envelope, 'UTF8')::jsonb FROM audit.leaf) AS t (e)
       WHERE e->>'action' = $1 ORDER BY 1`,
      [action],
    );

  it('record that they started, and how they are configured', async () => {
    const started = await entries('process.started');
    expect(started.map(({ name }) => name)).toEqual(['api', 'worker']);
    expect(new Set(started.map(({ digest }) => digest)).size).toBe(1);
    expect(await entries('process.stopped')).toEqual([]);
  });

  it('record that they stopped', async () => {
    await sceau.app.close();
    await sceau.worker.close();
    const stopped = await entries('process.stopped');
    expect(stopped.map(({ name }) => name)).toEqual(['api', 'worker']);
    await sceau.stop();
  });
});
