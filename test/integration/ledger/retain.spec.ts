import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ledger } from '../../../src/ledger/index.js';
import { record } from '../../support/actors.js';
import { MovableClock } from '../../support/clock.js';
import { runCommand } from '../../support/command-line.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { signInStaff } from '../../support/staff.js';
import { reading } from './fixture.js';
import { verifyAlone } from './oracles.js';

const MONTHS = 16;
const HOURS_A_MONTH = 31 * 24;

/** The operator's command line beside a product that has been in use for more than a year. */
describe('sceau ledger retain', () => {
  let sceau: Sceau;
  const run = (...args: readonly string[]) => runCommand(sceau, args);
  const dropped = () =>
    sceau.database.query<{ month: string; actor: string; count: number }>(
      `SELECT resource_id AS month, actor_id AS actor, count FROM audit.entry
       WHERE action = 'ledger.month_dropped' ORDER BY leaf_index`,
    );

  beforeAll(async () => {
    const clock = new MovableClock();
    clock.advance({ hours: -MONTHS * HOURS_A_MONTH });
    sceau = await startSceau({ clock });
    const ledger = sceau.app.get(Ledger);
    for (let month = 0; month < MONTHS; month += 1) {
      await ledger.append(reading(), 'sequenced');
      clock.advance({ hours: HOURS_A_MONTH });
    }
  }, 120_000);
  afterAll(() => sceau.stop());

  it('shows what would go, and drops nothing', async () => {
    const { code, out } = await run('ledger', 'retain', '--dry-run');
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/^\d{4}-\d{2} {2}\d+ entries$/);
    expect(lines.at(-1)).toMatch(new RegExp(`^${lines.length - 1} month\\(s\\), \\d+ entries would go\\.$`));
    expect(await dropped()).toEqual([]);
  });

  it('drops what is before a month, then the rest, and both verifiers find the ledger in order', async () => {
    const dry = (await run('ledger', 'retain', '--dry-run')).out.trimEnd().split('\n').slice(0, -1);
    const months = dry.map((line) => line.slice(0, 7));
    const some = await run('ledger', 'retain', '--before', months[1] ?? '');
    expect(some).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d{4}-\d{2} {2}\d+ entries\n1 month\(s\), \d+ entries dropped\.\n$/),
      complaint: 'Dropping months: 0 of 1\nDropping months: 1 of 1\n',
    });
    expect((await dropped()).map(({ month }) => month)).toEqual(months.slice(0, 1));
    expect(await run('ledger', 'retain')).toMatchObject({ code: 0 });
    const said = await dropped();
    expect(said.map(({ month, count }) => `${month}  ${count} entries`)).toEqual(dry);
    expect(new Set(said.map(({ actor }) => actor))).toEqual(new Set(['ledger.retain']));
    expect((await run('ledger', 'retain')).out).toBe('0 month(s), 0 entries dropped.\n');

    const gone = said.reduce((sum, { count }) => sum + count, 0);
    const summary = `${gone} entries have no content, ${gone} were dropped by the retention`;
    expect(await run('ledger', 'verify')).toMatchObject({
      code: 0,
      output: expect.stringContaining(summary),
    });
    const file = join(sceau.home, 'export.ndjson');
    expect(await run('ledger', 'export', file)).toMatchObject({ code: 0 });
    const key = join(sceau.settings.ledger.stateDirectory, 'checkpoint-key.vkey');
    expect(await verifyAlone(file, '--key', key)).toMatchObject({
      code: 0,
      output: expect.stringContaining(summary),
    });
  }, 120_000);

  it('leaves incidents that say from when on people can be named', async () => {
    const kept = new Date((await dropped()).at(-1)?.month ?? '');
    kept.setUTCMonth(kept.getUTCMonth() + 1);
    const opened = async (...criteria: readonly string[]): Promise<string> => {
      const { out } = await run('incident', 'open', '--title', 'Essai', ...criteria);
      return /Incident opened: (\S+)/.exec(out)?.[1] ?? '';
    };
    const month = kept.toISOString().slice(0, 7);
    const missing = `Contents of the months before ${month} are no longer kept; who was read then can no longer be named.`;
    const whole = await opened('--actor', 'nobody', '--from', kept.toISOString());
    expect((await run('incident', 'impact', whole)).out).not.toContain('no longer kept');
    const reaching = await opened('--actor', 'nobody', '--from', new Date(kept.getTime() - 1).toISOString());
    const folder = join(sceau.home, 'incident');
    expect((await run('incident', 'impact', reaching, '--out', folder)).out).toContain(`${missing}\n`);
    const read = (name: string) => readFile(join(folder, name), 'utf8');
    expect((await read('affected.csv')).split('\r\n')[1]).toContain(missing);
    expect(await read('authority.en.md')).toMatch(
      new RegExp(`^These numbers are a minimum: .*\\n\\n${RegExp.escape(missing)}$`, 'm'),
    );
    expect(await read('authority.fr.md')).toContain(`Le contenu des mois antérieurs à ${month}`);
    const endless = await opened('--actor', 'nobody');
    const operator = await signInStaff(sceau, 'operator');
    const { body } = await operator.request(`/v1/operator/incidents/${endless}/impact`);
    expect(record(body)).toMatchObject({ candidates: 0, keptFrom: kept.toISOString(), lowerBound: true });
  }, 120_000);

  it.each(['9999-01', '2026-13', 'yesterday'])(
    'says what can be named instead of “%s”',
    async (before) => {
      for (const more of [[], ['--dry-run']]) {
        const { code, complaint } = await run('ledger', 'retain', '--before', before, ...more);
        expect([code, complaint]).toEqual([
          1,
          expect.stringMatching(/^sceau: Months up to \d{4}-\d{2}, given as/m),
        ]);
      }
    },
    60_000,
  );
});
