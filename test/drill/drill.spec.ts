import { Loot } from './population/loot.ts';
import { personOf } from './population/person.ts';
import { playRows } from './drill.ts';
import { replay } from './incident/incident.ts';
import { lettersAmiss } from './incident/letters.ts';
import type { RowOutcome } from './report/outcome.ts';
import { printed } from './report/print.ts';
import { a1 } from './rows/a1.ts';
import { a2, inScene } from './rows/a2/a2.ts';
import { rowsPlanted } from './rows/a2/planted-rows.ts';
import { a4 } from './rows/a4.ts';
import { notLookedInto } from './rows/a8.ts';
import { ROWS } from './rows/index.ts';
import { steal } from './rows/theft.ts';
import { type DrilledSystem, startSystem } from './system/drilled-system.ts';
import { Accesses } from './system/accesses.ts';
import { namingOf } from './system/naming.ts';

/** The least that the rows need: more applicants to two agencies than may be read within an hour. */
const CANDIDATES = 120;

/** What `npm run drill` does, with fewer people: a promise that is broken fails the build. */
describe('the drill', () => {
  let system: DrilledSystem;
  let outcomes: readonly RowOutcome[];

  beforeAll(async () => {
    system = await startSystem({ candidates: CANDIDATES, report: () => undefined, isPatient: false });
    outcomes = await playRows(system, ROWS);
  }, 600_000);

  afterAll(() => system.stop());

  it.each(ROWS.map(({ id, promise }) => [id, promise]))('%s: %s', (id) => {
    const outcome = outcomes.find((row) => row.id === id);
    expect(outcome).toMatchObject({ breaches: [], holds: true });
    expect(outcome?.tried.length).toBeGreaterThan(1);
  });

  it('says of each row whether it holds', () => {
    const text = printed(outcomes);
    for (const { id } of ROWS) expect(text).toMatch(new RegExp(`^${id} +holds `, 'm'));
    expect(text).toContain(`All ${ROWS.length} promises hold.`);
  });

  describe('what an incident names', () => {
    const obtained = new Loot();
    for (const field of ['email', 'motivation'] as const) obtained.add(1, field);
    const named = (fields: readonly string[], isLowerBound = false) =>
      namingOf({ affected: new Map([[1, new Set(fields)]]), isLowerBound }, obtained);

    it('is compared field by field', () => {
      expect(named(['email', 'motivation'])).toMatchObject({ precision: 1, recall: 1 });
      expect(named(['email'])).toMatchObject({ precision: 1, recall: 2 / 3 });
      expect(named(['email', 'motivation', 'address'])).toMatchObject({ precision: 3 / 4, recall: 1 });
      expect(namingOf({ affected: new Map(), isLowerBound: false }, obtained).recall).toBe(0);
    });

    it('is wrong of what the person has not told, whether or not it can be traced', () => {
      expect(named(['email', 'motivation', 'languages'])).toMatchObject({ precision: 1, recall: 1 });
      expect(named(['email', 'motivation', 'preferences'])).toMatchObject({ precision: 3 / 4, recall: 1 });
      const { precision, tried } = named(['email', 'motivation', 'usualName']);
      expect([precision, tried]).toEqual([1, [expect.stringMatching(/^usualName is named of 1 candidate/)]]);
    });

    it('is compared with when and how often it was', () => {
      const accesses = new Accesses();
      accesses.add([1], 1_000, 1_010);
      accesses.add([1, 2], 2_000, 2_010);
      const amiss = (entries: number, first: number, last: number) =>
        accesses.amiss(new Map([[1, { entries, first, last }]])).length;
      expect(amiss(2, 1_005, 2_010)).toBe(0);
      expect(amiss(1, 1_005, 2_010)).toBe(1);
      expect(amiss(2, 999, 2_010)).toBe(1);
      expect(amiss(2, 1_005, 1_999)).toBe(1);
      expect(amiss(9, 1_011, 2_011)).toBe(2);
    });

    it('may leave fields out where it says so, and nobody', () => {
      expect(named(['email'], true)).toMatchObject({ precision: 1, recall: 1 });
      expect(named(['address'], true)).toMatchObject({ precision: 1 / 2, recall: 1 });
      expect(namingOf({ affected: new Map(), isLowerBound: true }, obtained).recall).toBe(0);
    });
  });

  it('replays the incident, and those affected are written to once each', async () => {
    const { agencies } = system.population;
    const [, robbed] = agencies;
    if (robbed === undefined) throw new Error('There is a second agency.');
    await system.database.query('DELETE FROM platform.rate_limit');
    const population = { ...system.population, agencies: [robbed] } as const;
    const outcome = await replay({ ...system, population });
    expect(outcome).toMatchObject({ precision: 1, recall: 1, breaches: [] });
    expect(outcome.exposed).toBeGreaterThan(1);
    expect(outcome.affectedToldAfterMs).not.toBeNull();
  });

  describe('the letters about an incident', () => {
    const affected = new Set([1, 2, 3]);

    it('are to go to those affected, once each', () => {
      expect(lettersAmiss(affected, [3, 1, 2])).toEqual([]);
      expect(lettersAmiss(affected, [1, 2])).toEqual(['1 of 3 affected were not written to.']);
      expect(lettersAmiss(affected, [1, 2, 3, 2])).toEqual([
        '1 of 3 affected were written to more than once.',
      ]);
    });

    it('are to go to nobody else, be it instead of somebody', () => {
      const astray = '1 letter(s) went to somebody who is not affected.';
      expect(lettersAmiss(affected, [1, 2, 3, 4])).toEqual([astray]);
      expect(lettersAmiss(affected, [1, 2, 3, undefined])).toEqual([astray]);
      expect(lettersAmiss(affected, [1, 2, 4])).toEqual(['1 of 3 affected were not written to.', astray]);
    });
  });

  it('says what of a process could not be looked into, and holds nothing to be kept where that is all', () => {
    expect(notLookedInto(true, true)).toEqual([]);
    expect(notLookedInto(true, false)).toMatchObject([
      { tried: expect.stringMatching(/^not tried: keys of candidates, the master key/), breaches: [] },
    ]);
    expect(notLookedInto(false, true)).toMatchObject([
      { tried: expect.stringMatching(/^not tried: the texts that are alive/), breaches: [] },
    ]);
    expect(notLookedInto(false, false)).toMatchObject([
      { breaches: ['Nothing that the process holds could be looked into.'] },
    ]);
  });

  describe('when a promise is broken', () => {
    it('notices a budget that has no end', async () => {
      const [agency] = system.population.agencies;
      expect(await system.command('agency', 'resume', agency.clientId)).toMatchObject({ code: 0 });
      const until = new Date(Date.now() + 86_400_000).toISOString();
      const limits = ['--hour', '5000', '--day', '5000', '--month', '5000'];
      const set = await system.command('budget', 'set', agency.agencyId, ...limits, '--until', until);
      expect(set.code).toBe(0);
      const row = { ...a4, play: () => steal(system, agency, 'bulk') };
      const [outcome] = await playRows(system, [row]);
      expect(outcome).toMatchObject({
        holds: false,
        breaches: expect.arrayContaining(['The client is not suspended.']),
      });
      expect(outcome?.breaches.length).toBeGreaterThan(1);
      expect(printed(outcome === undefined ? [] : [outcome])).toMatch(
        /^A4 +BROKEN.*1 of 1 promises are broken/ms,
      );
    });

    it('notices that a row was not planted', async () => {
      await system.database.query(
        'ALTER TABLE identity.passkey ADD CONSTRAINT never_counted CHECK (counter < 0) NOT VALID',
      );
      const play = async () => {
        const attempts = await inScene(system, async (scene) => [await rowsPlanted(scene)]);
        return { attempts, noticedAfterMs: 0, naming: null };
      };
      const [outcome] = await playRows(system, [{ ...a2, play }]);
      await system.database.query('ALTER TABLE identity.passkey DROP CONSTRAINT never_counted');
      expect(outcome).toMatchObject({
        holds: false,
        breaches: [expect.stringMatching(/^Not tried, .*identity\.passkey 23514/)],
      });
    });

    it('notices one address in clear among all that is sealed', async () => {
      await system.database.query('CREATE TABLE public.forgotten (note text)');
      await system.database.query('INSERT INTO public.forgotten VALUES ($1)', [personOf(7).email]);
      const [outcome] = await playRows(system, [a1]);
      expect(outcome).toMatchObject({
        holds: false,
        exposed: 1,
        // In what pg_dump writes, and in the server's files.
        breaches: Array<string>(2).fill('Found: 1 candidate(s): email.'),
      });
    });
  });
});
