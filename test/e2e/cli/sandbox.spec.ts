import { type Outcome, runCommand } from '../../support/command-line.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { ledgerEntries } from '../../integration/agencies/agency-program.js';

describe('agency create --sandbox and sandbox-fill', () => {
  let sceau: Sceau;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  const create = async (...args: readonly string[]): Promise<string> => {
    const { out } = await runCommand(sceau, ['agency', 'create', 'Essai', ...args]);
    return /^Agency created: (\S+)$/m.exec(out)?.[1] ?? '';
  };
  const fill = (agency: string, count: string): Promise<Outcome> =>
    runCommand(sceau, ['agency', 'sandbox-fill', agency, '--applications', count]);

  it('make a sandbox and fill it, saying how far that has come; again and again', async () => {
    const agency = await create('--sandbox');
    const filled = await fill(agency, '4');
    expect(filled).toMatchObject({ code: 0, out: '4 synthetic application(s) submitted.\n' });
    expect(filled.complaint).toMatch(/^Applications: 0 of 4\n(.*\n)*Applications: 4 of 4\n$/);
    await fill(agency, '2');
    const rows = await sceau.database.query(
      `SELECT count(*)::int AS applications, count(DISTINCT vacancy_id)::int AS vacancies, min(mode) AS mode
       FROM applications.application WHERE agency_id = $1 AND status = 'submitted'`,
      [agency],
    );
    expect(rows).toEqual([{ applications: 6, vacancies: 3, mode: 'sandbox' }]);
    const entries = await ledgerEntries(sceau, 'application.submitted');
    expect(entries).toHaveLength(6);
    expect(entries[0]).toMatchObject({ agency, actor: { kind: 'system', id: 'agency.sandbox-fill' } });
  }, 60_000);

  it('leave a live agency alone', async () => {
    const agency = await create();
    expect(await fill(agency, '1')).toMatchObject({
      code: 1,
      complaint: expect.stringContaining('There is nothing here. (not_found)'),
    });
    const rows = await sceau.database.query('SELECT 1 FROM vacancies.vacancy WHERE agency_id = $1', [agency]);
    expect(rows).toEqual([]);
  }, 60_000);

  it.each(['0', '-1', '10001', '1e3', 'many'])(
    'refuse a count of %s',
    async (count) => {
      expect(await fill('019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b', count)).toMatchObject({
        code: 1,
        out: '',
        complaint: 'sceau: Give a number from 1 to 10000. (invalid_request)\n',
      });
    },
    60_000,
  );
});
