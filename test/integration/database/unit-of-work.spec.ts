import pg from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { newId } from '../../../src/kernel/ids.js';
import { Database } from '../../../src/platform/database/database.js';
import { SENT_TOGETHER } from '../../../src/platform/database/gathering-socket.js';
import type { Scope } from '../../../src/platform/database/scope.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { testSettings } from '../../support/settings.js';

const SYSTEM: Scope = { kind: 'system' };
const agencyScope = (): Scope => ({ kind: 'agency', agencyId: newId<'agency'>(1) });

describe('several pieces of work as one transaction', () => {
  let cluster: TestDatabase;
  let source: DataSource;
  let database: Database;

  /** @param timeoutMs of single statements */
  function databaseOf(connected: DataSource, timeoutMs = 20_000): Database {
    const settings = testSettings(cluster, '.', 0);
    return new Database(connected, { ...settings, database: { ...settings.database, timeoutMs } });
  }

  beforeAll(async () => {
    cluster = await createTestDatabase();
    // Whoever needs a second connection waits for ever, and is noticed.
    source = new DataSource({
      type: 'postgres',
      url: cluster.appUrl,
      poolSize: 1,
      installExtensions: false,
      extra: SENT_TOGETHER,
    });
    await source.initialize();
    database = databaseOf(source);
  });

  afterAll(async () => {
    await source.destroy();
    await cluster.drop();
  });

  beforeEach(() => cluster.query('TRUNCATE platform.rate_limit'));

  const put = (key: string) => (manager: EntityManager) =>
    manager.query('INSERT INTO platform.rate_limit (key) VALUES ($1)', [key]);
  const kept = async (): Promise<string[]> => {
    const rows = await cluster.query<{ key: string }>('SELECT key FROM platform.rate_limit ORDER BY key');
    return rows.map(({ key }) => key);
  };
  const scopeNow = async (manager: EntityManager): Promise<string> => {
    const [row] = await manager.query<{ scope: string }[]>(
      `SELECT current_setting('sceau.scope') || '/' || current_setting('sceau.agency_id') AS scope`,
    );
    return row?.scope ?? '';
  };
  const nameOf = (scope: Scope): string => `${scope.kind}/${scope.kind === 'agency' ? scope.agencyId : ''}`;

  it('is committed when all of it is done, and not a moment before', async () => {
    const seen = await database.asOne(async () => {
      await database.run(SYSTEM, put('a'));
      await database.run(SYSTEM, put('b'));
      return kept();
    });
    expect(seen).toEqual([]);
    expect(await kept()).toEqual(['a', 'b']);
  });

  it('leaves nothing when what is around the pieces fails', async () => {
    const failing = database.asOne(async () => {
      await database.run(SYSTEM, put('a'));
      throw new Error('afterwards');
    });
    await expect(failing).rejects.toThrow('afterwards');
    expect(await kept()).toEqual([]);
  });

  it('leaves nothing when a piece has failed, whoever made light of it', async () => {
    const failing = database.asOne(async () => {
      await database.run(SYSTEM, put('a'));
      await database.run(SYSTEM, () => Promise.reject(new Error('a rule'))).catch(() => undefined);
    });
    await expect(failing).rejects.toThrow('has failed');
    const goingOn = database.asOne(async () => {
      await database.run(SYSTEM, put('a'));
      await database.run(SYSTEM, put('a')).catch(() => undefined);
      await database.run(SYSTEM, put('b'));
    });
    await expect(goingOn).rejects.toThrow('Nothing can be added');
    expect(await kept()).toEqual([]);
  });

  it('leaves nothing when a piece fails that nobody has waited for, and lets it end first', async () => {
    const failing = database.asOne(async () => {
      await database.run(SYSTEM, put('a'));
      void database.run(SYSTEM, put('a')).catch(() => undefined);
    });
    await expect(failing).rejects.toThrow('has failed');
    expect(await kept()).toEqual([]);
  });

  it('gives each piece its own scope, one after the other however they were begun', async () => {
    const scopes = [agencyScope(), SYSTEM, agencyScope(), agencyScope()];
    const seen = await database.asOne(() =>
      Promise.all(
        scopes.map((scope) =>
          database.run(scope, async (manager) => {
            await manager.query('SELECT pg_sleep(0)');
            return scopeNow(manager);
          }),
        ),
      ),
    );
    expect(seen).toEqual(scopes.map(nameOf));
  });

  it('lets a piece be part of another, which then goes on in its own scope', async () => {
    const [outer, inner] = [agencyScope(), agencyScope()];
    const seen = await database.asOne(() =>
      database.run(outer, async (manager) => [
        await database.run(inner, scopeNow),
        await database.run(SYSTEM, () => database.run(inner, scopeNow)),
        await scopeNow(manager),
      ]),
    );
    expect(seen).toEqual([nameOf(inner), nameOf(inner), nameOf(outer)]);
  });

  it('does what is to be done after the commit after it, and not without one', async () => {
    const told: string[] = [];
    const tell = (manager: EntityManager, name: string): void =>
      database.afterCommit(manager, async () => {
        told.push(`${name}: ${(await kept()).join()}`);
      });
    await database.asOne(async () => {
      await database.run(SYSTEM, async (manager) => {
        tell(manager, 'first');
        await put('a')(manager);
      });
      await database.run(SYSTEM, put('b'));
      expect(told).toEqual([]);
    });
    expect(told).toEqual(['first: a,b']);
    const failing = database.asOne(async () => {
      await database.run(SYSTEM, (manager) => Promise.resolve(tell(manager, 'second')));
      throw new Error('afterwards');
    });
    await expect(failing).rejects.toThrow('afterwards');
    expect(told).toHaveLength(1);
  });

  it('leaves what was begun within and goes on longer its own transactions', async () => {
    let after: Promise<unknown> | undefined;
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    await database.asOne(async () => {
      await database.run(SYSTEM, put('a'));
      after = ended.then(() => database.run(SYSTEM, put('later')));
    });
    end();
    await after;
    expect(await kept()).toEqual(['a', 'later']);
  });

  it('is two units when there are two', async () => {
    const two = (name: string) => database.asOne(() => database.run(SYSTEM, put(name)));
    await Promise.all([two('a'), two('b')]);
    expect(await kept()).toEqual(['a', 'b']);
  });

  it('is not said to be committed when a statement has failed, whoever made light of it', async () => {
    const failing = database.run(SYSTEM, async (manager) => {
      await put('a')(manager);
      await put('a')(manager).catch(() => undefined);
    });
    await expect(failing).rejects.toThrow('Nothing was committed');
    expect(await kept()).toEqual([]);
  });

  it.each<[string, (statement: { name: string; text: string }) => Promise<unknown>]>([
    ['asked', (statement) => database.ask(statement, [])],
    ['read', (statement) => database.read(SYSTEM, statement, [])],
    ['run', (statement) => database.run(SYSTEM, (manager) => manager.query(statement.text))],
  ])(
    'is refused for now when its connection is lost while it is %s, and goes on with another',
    async (_, send) => {
      const end = { name: 'end', text: 'SELECT pg_terminate_backend(pg_backend_pid())' };
      await expect(send(end)).rejects.toMatchObject({
        code: 'service_unavailable',
        headers: { 'retry-after': '2' },
      });
      expect(await send({ name: 'one', text: 'SELECT 1 AS one' })).toEqual([{ one: 1 }]);
    },
  );

  it('waits for no statement that others wait for beyond its time', async () => {
    const impatient = databaseOf(source, 200);
    const count = { name: 'count-held', text: 'SELECT count(*)::integer AS count FROM platform.rate_limit' };
    const holder = new pg.Client({ connectionString: cluster.ownerUrl });
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE platform.rate_limit');
    for (const asked of [() => impatient.ask(count, []), () => impatient.read(SYSTEM, count, [])])
      await expect(asked()).rejects.toMatchObject({ code: 'service_unavailable' });
    await holder.end();
    expect(await impatient.ask(count, [])).toEqual([{ count: 0 }]);
  });

  describe('a single statement that reads', () => {
    const SCOPE = {
      name: 'scope-now',
      text: `SELECT current_setting('sceau.scope', true) || '/' || current_setting('sceau.agency_id', true) AS scope`,
    };
    const COUNT = { name: 'count', text: 'SELECT count(*)::integer AS count FROM platform.rate_limit' };

    it('is asked in its scope, which ends with it', async () => {
      const agencies = [agencyScope(), agencyScope()] as const;
      const answers = await Promise.all(agencies.map((scope) => database.read(scope, SCOPE, [])));
      expect(answers).toEqual(agencies.map((scope) => [{ scope: nameOf(scope) }]));
      expect(await database.ask(SCOPE, [])).toEqual([{ scope: '/' }]);
    });

    it('writes nothing, and leaves its connection good when it fails', async () => {
      const write = { name: 'write', text: `INSERT INTO platform.rate_limit (key) VALUES ('x')` };
      await expect(database.read(SYSTEM, write, [])).rejects.toMatchObject({ code: '25006' });
      const wrong = { name: 'wrong', text: 'SELECT 1 / $1::integer AS none' };
      const asked = [database.read(SYSTEM, wrong, [0]), database.read(SYSTEM, COUNT, [])] as const;
      await expect(asked[0]).rejects.toMatchObject({ code: '22012' });
      expect(await asked[1]).toEqual([{ count: 0 }]);
      await database.run(SYSTEM, put('a'));
      expect(await kept()).toEqual(['a']);
    });

    it('is part of the unit that it is asked in', async () => {
      const seen = await database.asOne(async () => {
        await database.run(SYSTEM, put('a'));
        return database.read(SYSTEM, COUNT, []);
      });
      expect(seen).toEqual([{ count: 1 }]);
    });
  });

  it('begins where nothing is asked, and is refused where there is no connection', async () => {
    expect(await database.run(SYSTEM, () => Promise.resolve('done'))).toBe('done');
    const none = new DataSource({
      type: 'postgres',
      url: cluster.appUrl,
      poolSize: 1,
      installExtensions: false,
      extra: SENT_TOGETHER,
    });
    await none.initialize();
    const lost = databaseOf(none);
    await expect(
      lost.run(SYSTEM, async (manager) => {
        await manager.query('SELECT pg_terminate_backend(pg_backend_pid())');
      }),
    ).rejects.toMatchObject({ code: 'service_unavailable' });
    await none.destroy();
    await expect(lost.run(SYSTEM, put('a'))).rejects.toMatchObject({ code: 'service_unavailable' });
    await expect(lost.read(SYSTEM, { name: 'one', text: 'SELECT 1' }, [])).rejects.toMatchObject({
      code: 'service_unavailable',
    });
    expect(await kept()).toEqual([]);
  });
});
