import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type CandidateId, parseId } from '../../../src/kernel/ids.js';
import { Settings } from '../../../src/platform/config/settings.js';
import { asSealed, type PersonalPlace, SubjectKeys } from '../../../src/sealing/index.js';
import { Opener } from '../../../src/sealing/opening.js';
import { PLACES, type PlaceName } from '../../../src/sealing/places.js';
import { AgencyClient } from '../../../tools/client/agency.ts';
import { PersonClient } from '../../../tools/client/person.ts';
import { type AgencyActor, createAgency, record } from '../../support/actors.js';
import { copyTestDatabase, createBareDatabase, type TestDatabase } from '../../support/database.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { type Applicant, applyTo, publishVacancy } from './applicants.js';
import { sealedColumns } from './sealed-columns.js';
import { freePort } from '../../../tools/free-port.ts';
import { INHERITED } from '../../support/inherited.js';

const DIST = join(import.meta.dirname, '..', '..', '..', 'dist');
const PATIENCE_MS = 10_000;

/** Data and key store in two databases, as `prepare` makes them, and the data set back to before an erasure. */
describe('a restored backup beside the latest key store', () => {
  let home: string;
  let data: TestDatabase;
  let keystore: TestDatabase;
  let environment: Record<string, string>;
  let said: string;
  let sceau: Sceau;
  let backup: TestDatabase;
  let agency: AgencyActor;
  let erased: Applicant;
  let other: Applicant;
  let restoredHome: string;
  const started: ChildProcess[] = [];

  const apart = (settings: Settings): Settings =>
    new Settings({
      ...settings,
      database: { ...settings.database, keystoreUrl: keystore.appUrl },
      keyring: { ...settings.keyring, cacheSeconds: 86_400 },
    });

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'sceau-restore-'));
    [data, keystore] = await Promise.all([createBareDatabase(), createBareDatabase()]);
    environment = {
      SCEAU_HOME: home,
      DATABASE_APP_URL: data.appUrl,
      DATABASE_AUDITOR_URL: data.auditorUrl,
      DATABASE_SEQUENCER_URL: data.sequencerUrl,
    };
    said = await prepare();
    sceau = await startSceau({ database: data, home, adjust: apart });
    agency = await createAgency(sceau);
    const vacancy = await publishVacancy(agency, sceau.clock.now());
    erased = await applyTo(sceau, vacancy, 'Nolwenn');
    other = await applyTo(sceau, vacancy, 'Tanguy');
    await sceau.close();
    backup = await copyTestDatabase(data);
    restoredHome = await mkdtemp(join(tmpdir(), 'sceau-restored-'));
    // The ledger's own state is of the same moment: that it notices one that is not is tested elsewhere.
    await cp(home, restoredHome, { recursive: true });
    sceau = await startSceau({ database: data, home, adjust: apart });
  }, 120_000);

  afterAll(async () => {
    for (const child of started) child.kill('SIGKILL');
    await sceau.close();
    for (const database of [data, keystore, backup]) await database.drop();
    await rm(home, { recursive: true, force: true });
    await rm(restoredHome, { recursive: true, force: true });
  });

  async function prepare(): Promise<string> {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(DIST, 'cli', 'main.js'), 'prepare'],
      {
        env: {
          ...INHERITED,
          ...environment,
          DATABASE_URL: data.ownerUrl,
          KEYSTORE_OWNER_URL: keystore.ownerUrl,
        },
      },
    );
    return stdout;
  }

  const schemas = async (database: TestDatabase): Promise<readonly string[]> => {
    const rows = await database.query<{ name: string }>(
      `SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  };

  const candidateIdOf = ({ id }: Applicant): CandidateId => {
    const parsed = parseId<CandidateId>(id);
    if (parsed === undefined) throw new Error('No candidate has this id.');
    return parsed;
  };

  /** Which of a person's sealed values open, by place: everything that the catalogue knows to be theirs. */
  async function opening(from: Sceau, applicant: Applicant): Promise<{ opened: string[]; closed: string[] }> {
    const opened = new Set<string>();
    const closed = new Set<string>();
    for (const { schema, table, column, name } of await sealedColumns(from.database)) {
      const place = Object.keys(PLACES).find(
        (known): known is PlaceName => known === `${schema}_${table}.${column}`,
      );
      const owners = await from.database.query<{ owner: string }>(
        `SELECT attname AS owner FROM pg_attribute
         WHERE attrelid = $1::regclass AND attname = ANY ($2) ORDER BY array_position($2, attname::text) LIMIT 1`,
        [name, name === 'identity.account' ? ['id'] : ['candidate_id', 'account_id']],
      );
      const owner = owners[0]?.owner;
      if (place === undefined || owner === undefined) continue;
      const key = await from.database.query<{ row: string; value: Buffer }>(
        `SELECT to_jsonb(t) ->> coalesce((SELECT 'id' WHERE to_jsonb(t) ? 'id'), $2) AS row, "${column}" AS value
         FROM ${name} t WHERE "${owner}" = $1 AND "${column}" IS NOT NULL`,
        [applicant.id, owner],
      );
      for (const { row, value } of key) {
        const toOpen: PersonalPlace<unknown> = { name: place, kind: 'personal' };
        const position = { subject: candidateIdOf(applicant), row };
        const [result] = await from.app
          .get(Opener, { strict: false })
          .openMany([{ place: toOpen, position, sealed: asSealed(value) }]);
        (result?.ok === true ? opened : closed).add(place);
      }
    }
    return { opened: [...opened], closed: [...closed] };
  }

  const profileStatus = async (url: string, { client }: Applicant) =>
    (await client.at(url).request('/v1/me/profile')).status;

  it('begins with each schema in its own database, prepared by one command that may be repeated', async () => {
    expect(said).toMatch(/Schema migrated: \d+ step[^]*Key store migrated: \d+ step/);
    expect(await prepare()).toMatch(/Schema is up to date\.[^]*Key store is up to date\./);
    expect(await schemas(keystore)).toEqual(['keys', 'public']);
    expect(await schemas(data)).not.toContain('keys');
    const runtime: Record<string, string> = JSON.parse(await readFile(join(home, 'runtime.json'), 'utf8'));
    expect(runtime['KEYSTORE_URL']).toBe(keystore.appUrl);
    const rights = await keystore.query(
      `SELECT has_database_privilege('sceau_auditor', current_database(), 'CONNECT') AS auditor,
              has_schema_privilege('sceau_app', 'keys', 'USAGE') AS app`,
    );
    expect(rights).toEqual([{ auditor: false, app: true }]);
  });

  it('opens everything of everybody before anyone is erased', async () => {
    for (const applicant of [erased, other]) {
      const { opened, closed } = await opening(sceau, applicant);
      expect(closed).toEqual([]);
      expect(opened.length).toBeGreaterThanOrEqual(14);
    }
  });

  it('lets another process forget an erased person at once, and serve everybody else', async () => {
    const port = await freePort();
    const second = fork(join(DIST, 'main.js'), {
      env: {
        ...INHERITED,
        ...environment,
        PORT: String(port),
        KEYSTORE_URL: keystore.appUrl,
        KEY_CACHE_SECONDS: '86400',
        LOG_LEVEL: 'silent',
      },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    started.push(second);
    await once(second, 'message');
    const url = `http://127.0.0.1:${port}`;
    for (const applicant of [erased, other]) expect(await profileStatus(url, applicant)).toBe(200);
    await sceau.app.get(SubjectKeys, { strict: false }).destroy(candidateIdOf(erased), 'erasure');
    const deadline = Date.now() + PATIENCE_MS;
    while ((await profileStatus(url, erased)) !== 401) {
      if (Date.now() > deadline) throw new Error('The other process still opens what was erased.');
      await pause(10);
    }
    expect(await profileStatus(url, other)).toBe(200);
    second.kill('SIGTERM');
    await once(second, 'exit');
  });

  describe('once the data of before is back', () => {
    let restored: Sceau;

    beforeAll(async () => {
      restored = await startSceau({ database: backup, home: restoredHome, adjust: apart });
    }, 60_000);

    afterAll(() => restored.close());

    it('has the erased person’s rows again, and opens not one value of them', async () => {
      const { opened, closed } = await opening(restored, erased);
      expect(opened).toEqual([]);
      expect(closed.length).toBeGreaterThanOrEqual(14);
    });

    it('opens everything of everybody else', async () => {
      const { opened, closed } = await opening(restored, other);
      expect(closed).toEqual([]);
      expect(opened.length).toBeGreaterThanOrEqual(14);
    });

    it('lets the erased person neither in nor be seen, and everybody else both', async () => {
      restored.clock.advance({ minutes: 2 });
      const signIn = async ({ actor }: Applicant) => {
        const code = await actor.authenticator.code(restored.clock.now().getTime());
        const body = { email: actor.email, password: actor.password, code, transport: 'token' };
        const answer = await new PersonClient(restored.url).request('/v1/sessions', { body });
        return [answer.status, record(answer.body)['code']];
      };
      expect(await signIn(erased)).toEqual([401, 'authentication_failed']);
      expect(await signIn(other)).toEqual([201, undefined]);
      expect(await profileStatus(restored.url, erased)).toBe(401);
      const profile = await other.client.at(restored.url).request('/v1/me/profile');
      expect(profile.body).toMatchObject({ identity: { givenName: 'Tanguy' }, unreadable: [] });
    });

    it('shows an agency nothing of the erased person and the others as before', async () => {
      const program = await createAgencyOn(restored);
      const read = (applicant: Applicant) =>
        program.request(`/v1/agency/applications/${applicant.application}`, {
          headers: { purpose: 'review' },
        });
      const nothing = await read(erased);
      expect(nothing.body).toMatchObject({ fields: {} });
      expect(JSON.stringify(nothing.body)).not.toContain('Nolwenn');
      expect((await read(other)).body).toMatchObject({
        fields: { givenName: 'Tanguy', motivation: 'Servir le public, dit Tanguy.' },
        unreadable: [],
      });
    });

    async function createAgencyOn(where: Sceau): Promise<AgencyClient> {
      const program = await AgencyClient.connect(where.url, agency.credentials);
      await program.authorise(['applications:read']);
      return program;
    }
  });
});
