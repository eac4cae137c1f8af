import { type Relation, relationsOf } from '../../support/catalogue.js';
import { type Populated, startPopulated } from '../../support/populated.js';
import { FORBIDDEN, TryingRole } from '../../support/roles.js';

/** Tables that `sceau_app` reaches without saying on whose behalf, and why that gives nothing away. */
const WITHOUT_WALL: Readonly<Record<string, string>> = {
  'keys.subject_key': 'wrapped keys, of use with the master key only; the key store may be another database',
  'keys.tombstone': 'belongs to the key store: that a subject was erased, when, and a code that says why',
  'keys.index_key': 'wrapped keys of no person',
  'keys.master_rotation': 'belongs to the key store: that a rotation has begun, and when',
  'keys.master_version': 'belongs to the key store: numbers of versions and their times',
  'keys.record_revision': 'belongs to the key store: numbers that only rise, by id',
  'keys.rewrapping': 'belongs to the key store: how far a rewrapping has come',
  'keys.subject_rotation': 'belongs to the key store: whose key is being rotated',
  'platform.blind_index': 'how far the rotation of an index has come',
  'platform.subject_key_floor': 'the least key version of a rotated subject, which every writer must obey',
  'platform.resealed_value':
    'digests of sealed values that a rotation has replaced; they tell nothing of the text',
  'vacancies.posting': 'a copy of what is published, which everybody may read and a trigger alone writes',
  'platform.rate_limit': 'counters under keyed hashes, which come before anybody is known',
};
/** pg-boss cannot say on whose behalf it works. Its jobs hold ids only (see queues.ts). */
const WITHOUT_WALLS_SCHEMA = 'jobs';

/** Tables of candidates or agencies that are not shown to them even of themselves, and why. */
const CLOSED_TO_CANDIDATES: Readonly<Record<string, string>> = {
  'disclosure.spent': 'the budget is counted by the agency',
  'privacy.erasure': 'whoever is being erased has no session any more',
};
const CLOSED_TO_AGENCIES: Readonly<Record<string, string>> = {
  'agencies.client': 'an operator manages it, and the authorization server reads it',
};
/** Names of public bodies: whoever sees a vacancy sees whose it is. */
const PUBLIC_NAMES = 'agencies.agency';

type Settings = Readonly<Record<string, string>>;

const NOBODY: readonly (readonly [string, Settings])[] = [
  ['no context at all', {}],
  ['an empty context', { 'sceau.scope': '', 'sceau.candidate_id': '', 'sceau.agency_id': '' }],
  ['a scope that does not exist', { 'sceau.scope': 'root' }],
];
const HALF: readonly (readonly [string, string, Settings])[] = [
  ['candidate', 'candidate_id', { 'sceau.scope': 'candidate', 'sceau.candidate_id': '' }],
  ['agency', 'agency_id', { 'sceau.scope': 'agency', 'sceau.agency_id': '' }],
];

describe('row-level security', () => {
  let populated: Populated;
  let app: TryingRole;
  let relations: readonly Relation[];
  let walled: readonly Relation[];
  let one: Settings;
  let agency: Settings;
  let own: { readonly candidate: string; readonly agency: string };

  beforeAll(async () => {
    populated = await startPopulated();
    const { database } = populated.sceau;
    app = await TryingRole.connect(database.appUrl);
    relations = await relationsOf(database);
    walled = relations.filter(({ isWalled }) => isWalled);
    own = { candidate: populated.candidates[0].id, agency: populated.agencies[0].agencyId };
    one = { 'sceau.scope': 'candidate', 'sceau.candidate_id': own.candidate };
    agency = { 'sceau.scope': 'agency', 'sceau.agency_id': own.agency };
  }, 90_000);

  afterAll(async () => {
    await app.end();
    await populated.sceau.stop();
  });

  const has = (table: Relation, column: string) => table.columns.some(({ name }) => name === column);
  const belongingTo = (column: string) => walled.filter((table) => has(table, column));
  const unowned = () =>
    walled.filter(
      (table) => table.name !== PUBLIC_NAMES && !has(table, 'candidate_id') && !has(table, 'agency_id'),
    );
  const named = (wanted: string): Relation => {
    const table = walled.find(({ name }) => name === wanted);
    if (table === undefined) throw new Error(`There is no ${wanted}.`);
    return table;
  };
  const asOwner = async (table: Relation, where = 'true'): Promise<number> => {
    const [row] = await populated.sceau.database.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM ${table.name} WHERE ${where}`,
    );
    return row?.count ?? 0;
  };
  const seen = async (table: Relation, settings: Settings, where = 'true'): Promise<number> => {
    if (!table.appMay.includes('SELECT')) return 0;
    const query = `SELECT count(*)::integer AS count FROM ${table.name} WHERE ${where}`;
    const [row] = await app.select<{ count: number }>(query, settings);
    return row?.count ?? 0;
  };

  /** A statement that adds these rows once more, with all that they hold. */
  async function insertAgain(table: Relation, where = 'true'): Promise<string> {
    const [row] = await populated.sceau.database.query<{ row: string }>(
      `SELECT quote_literal(to_jsonb(t)::text) AS row FROM ${table.name} t WHERE ${where} LIMIT 1`,
    );
    if (row === undefined) throw new Error(`${table.name} has no such row: let startPopulated() make one.`);
    const columns = table.columns.map(({ name }) => name).join(', ');
    return `INSERT INTO ${table.name} (${columns}) SELECT ${columns} FROM jsonb_populate_record(NULL::${table.name}, ${row.row}::jsonb)`;
  }

  /** Whether rows can be changed or removed: none are, or the role is refused altogether. */
  async function tampering(table: Relation, settings: Settings, where = 'true'): Promise<string[]> {
    const done: string[] = [];
    for (const { name } of table.columns) {
      const outcome = await app.attempt(
        `UPDATE ${table.name} SET ${name} = DEFAULT WHERE ${where}`,
        settings,
      );
      if (outcome !== 0 && outcome !== FORBIDDEN)
        done.push(`${table.name}: UPDATE of ${name} gives ${outcome}`);
    }
    const outcome = await app.attempt(`DELETE FROM ${table.name} WHERE ${where}`, settings);
    if (outcome !== 0 && outcome !== FORBIDDEN) done.push(`${table.name}: DELETE gives ${outcome}`);
    return done;
  }

  it('stands before every table that the app reaches, its owner included', () => {
    const open = relations.filter(
      ({ name, schema, isWalled, appMay }) =>
        appMay.length > 0 && !isWalled && schema !== WITHOUT_WALLS_SCHEMA && !(name in WITHOUT_WALL),
    );
    // ENABLE and FORCE ROW LEVEL SECURITY in the migration, with a policy; or a reason in the list above.
    expect(open.map(({ name }) => name)).toEqual([]);
    expect(walled.length).toBeGreaterThanOrEqual(16);
  });

  it('has no exception for a table that is gone or has its wall', () => {
    const exceptions = [WITHOUT_WALL, CLOSED_TO_CANDIDATES, CLOSED_TO_AGENCIES].flatMap(Object.keys);
    const names = new Set(relations.map(({ name }) => name));
    expect(exceptions.filter((name) => !names.has(name))).toEqual([]);
    expect(walled.filter(({ name }) => name in WITHOUT_WALL)).toEqual([]);
  });

  it('is tried on tables that all hold rows', async () => {
    const counts = await Promise.all(
      walled.map(async (table) => [table.name, await asOwner(table)] as const),
    );
    // Let startPopulated() do what fills these.
    expect(counts.filter(([, count]) => count === 0)).toEqual([]);
  });

  async function expectNothingOf(tables: readonly Relation[], settings: Settings): Promise<void> {
    for (const table of tables) {
      expect([table.name, await asOwner(table)]).not.toEqual([table.name, 0]);
      expect([table.name, await seen(table, settings)]).toEqual([table.name, 0]);
      const added = await app.attempt(await insertAgain(table), settings);
      expect([table.name, added]).toEqual([table.name, FORBIDDEN]);
      expect(await tampering(table, settings)).toEqual([]);
    }
  }

  it.each(NOBODY)(
    'with %s shows no row of any table, and takes none, changes none, removes none',
    (_, context) => expectNothingOf(walled, context),
  );

  it.each(HALF)(
    'with the scope of no particular %s does the same for what belongs to one',
    (_, column, context) => expectNothingOf(belongingTo(column), context),
  );

  describe("with a candidate's context", () => {
    const mine = () => `candidate_id = '${own.candidate}'`;
    const foreign = () => `candidate_id <> '${own.candidate}'`;

    it("shows the candidate's own rows, all of them, and no other's", async () => {
      const tables = belongingTo('candidate_id');
      expect(tables.length).toBeGreaterThanOrEqual(7);
      for (const table of tables) {
        expect([table.name, await asOwner(table, foreign())]).not.toEqual([table.name, 0]);
        expect([table.name, await seen(table, one, foreign())]).toEqual([table.name, 0]);
        const expected = table.name in CLOSED_TO_CANDIDATES ? 0 : await asOwner(table, mine());
        expect([table.name, await seen(table, one)]).toEqual([table.name, expected]);
      }
    });

    it("lets no other candidate's row be added, changed or removed", async () => {
      for (const table of belongingTo('candidate_id')) {
        const added = await app.attempt(await insertAgain(table, foreign()), one);
        expect([table.name, added]).toEqual([table.name, FORBIDDEN]);
        expect(await tampering(table, one, foreign())).toEqual([]);
      }
    });
  });

  it("has an agency told of a candidate's own application, and lets the candidate tell nothing else", async () => {
    const applications = await populated.sceau.database.query<Record<'id' | 'agency' | 'candidate', string>>(
      'SELECT id, agency_id AS agency, candidate_id AS candidate FROM applications.application',
    );
    const mine = applications.find(({ candidate }) => candidate === own.candidate);
    const foreign = applications.find(({ candidate }) => candidate !== own.candidate);
    const otherAgency = populated.agencies.find(({ agencyId }) => agencyId !== mine?.agency)?.agencyId;
    if (mine === undefined || foreign === undefined) throw new Error('Every candidate has applied.');
    const tell = (agencyId: string | undefined, application: string | null, settings = one) => {
      const subject = application === null ? 'NULL, NULL, NULL' : `'${application}', gen_random_uuid(), 9`;
      return app.attempt(
        `INSERT INTO webhooks.event (id, agency_id, type, at, pending, application_id, vacancy_id, application_revision)
         VALUES (gen_random_uuid(), '${agencyId}', 'application.withdrawn', now(), true, ${subject})`,
        settings,
      );
    };
    expect(await tell(mine.agency, mine.id)).toBe(1);
    expect(await tell(foreign.agency, foreign.id)).toBe(FORBIDDEN);
    expect(await tell(otherAgency, mine.id)).toBe(FORBIDDEN);
    expect(await tell(mine.agency, null)).toBe(FORBIDDEN);
    expect(await tell(mine.agency, mine.id, { 'sceau.scope': 'public' })).toBe(FORBIDDEN);
    const events = named('webhooks.event');
    expect(await seen(events, one)).toBe(0);
    expect(await tampering(events, one)).toEqual([]);
  });

  describe("with an agency's context", () => {
    const foreign = () => `agency_id <> '${own.agency}'`;

    it("shows the agency's own rows and no other's, and of applications no draft", async () => {
      const tables = belongingTo('agency_id');
      expect(tables.length).toBeGreaterThanOrEqual(6);
      for (const table of tables) {
        expect([table.name, await asOwner(table, foreign())]).not.toEqual([table.name, 0]);
        expect([table.name, await seen(table, agency, foreign())]).toEqual([table.name, 0]);
        const isClosed = table.name in CLOSED_TO_AGENCIES;
        expect([table.name, (await seen(table, agency)) > 0]).toEqual([table.name, !isClosed]);
      }
      const applications = named('applications.application');
      const drafts = `status = 'draft' AND agency_id = '${own.agency}'`;
      expect(await asOwner(applications, drafts)).toBe(1);
      expect(await seen(applications, agency, drafts)).toBe(0);
      expect(await tampering(applications, agency, drafts)).toEqual([]);
    });

    it("lets no other agency's row be added, changed or removed", async () => {
      for (const table of belongingTo('agency_id')) {
        const added = await app.attempt(await insertAgain(table, foreign()), agency);
        expect([table.name, added]).toEqual([table.name, FORBIDDEN]);
        expect(await tampering(table, agency, foreign())).toEqual([]);
      }
    });

    it('shows nothing that candidates have told beyond what they have sent in', async () => {
      for (const table of walled.filter(({ schema }) => schema === 'candidates')) {
        expect([table.name, await seen(table, agency)]).toEqual([table.name, 0]);
      }
    });
  });

  it('keeps what signs people and programs in from candidates, agencies and the public', async () => {
    const tables = unowned();
    expect(tables.length).toBeGreaterThanOrEqual(7);
    for (const table of tables) {
      for (const settings of [one, agency, { 'sceau.scope': 'public' }]) {
        expect([table.name, await seen(table, settings)]).toEqual([table.name, 0]);
        expect(await tampering(table, settings)).toEqual([]);
      }
    }
  });

  it('shows the public what is published, and who offers it', async () => {
    const open = { 'sceau.scope': 'public' };
    const visible = [];
    for (const table of walled) if ((await seen(table, open)) > 0) visible.push(table.name);
    expect(visible).toEqual([PUBLIC_NAMES, 'vacancies.vacancy']);
    const vacancies = named('vacancies.vacancy');
    expect(await seen(vacancies, open, `status <> 'published'`)).toBe(0);
    expect(await asOwner(vacancies, `status <> 'published'`)).toBeGreaterThan(0);
  });

  it('cannot be left out by turning it off for the session', async () => {
    for (const table of walled.filter(({ appMay }) => appMay.includes('SELECT'))) {
      const outcome = await app.attempt(`SELECT 1 FROM ${table.name}`, { row_security: 'off' });
      expect([table.name, outcome]).toEqual([table.name, FORBIDDEN]);
    }
  });
});
