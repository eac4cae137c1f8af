import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { runCommand } from '../../support/command-line.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { COMMANDS } from './recorded/commands.js';

const TABLE = 'test/integration/audit/recorded/commands.ts';
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/** The command line as an operator uses it. */
describe('what the ledger records of every command', () => {
  let database: TestDatabase;
  let home: string;
  let commands: readonly string[];
  const recorded = new Map<string, readonly string[]>();

  const sceau = async (args: readonly string[]): Promise<string> => {
    const { code, out, complaint } = await runCommand({ home, database }, args, {
      DATABASE_URL: database.ownerUrl,
      LOG_LEVEL: 'silent',
    });
    if (code !== 0) throw new Error(`sceau ${args.join(' ')}: ${complaint}`);
    return out;
  };

  /** Names of the commands below one, as its help lists them. */
  async function below(path: readonly string[]): Promise<readonly string[]> {
    const help = await sceau([...path, '--help']);
    const [, listed = ''] = help.split('\nCommands:\n');
    const names = [...listed.matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name = '']) => name);
    const groups = names.filter((name) => name !== 'help').map((name) => below([...path, name]));
    const found = (await Promise.all(groups)).flat();
    return found.length > 0 ? found : [path.join(' ')];
  }

  /** Actions staged so far, with how often each was: what the ledger says of its own writers left out. */
  async function entries(): Promise<ReadonlyMap<string, number>> {
    const rows = await database.query<{ action: string; times: number }>(
      `SELECT e->>'action' AS action, count(*)::int AS times
       FROM (SELECT convert_from(envelope, 'UTF8')::jsonb FROM audit.staging) AS t (e)
       WHERE e->>'action' NOT IN ('ledger.writer_registered', 'ledger.writer_closed') GROUP BY 1`,
    );
    return new Map(rows.map(({ action, times }) => [action, times]));
  }

  beforeAll(async () => {
    database = await createTestDatabase();
    home = await mkdtemp(join(tmpdir(), 'sceau-commands-'));
    const keys = join(home, 'keys.json');
    const { publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'essai', use: 'sig' };
    await writeFile(keys, JSON.stringify({ keys: [jwk] }));
    const made = { agency: '', client: '', keys };
    for (const { command, run } of COMMANDS) {
      if ('seenBy' in run) continue;
      const before = await entries();
      const id = UUID.exec(await sceau(run.args(made)))?.[0] ?? '';
      if (command === 'agency create') made.agency = id;
      if (command === 'agency client') made.client = id;
      const after = [...(await entries())].filter(([action, times]) => times > (before.get(action) ?? 0));
      recorded.set(command, after.map(([action]) => action).toSorted());
    }
    commands = await below([]);
  }, 300_000);

  afterAll(async () => {
    await database.drop();
    await rm(home, { recursive: true, force: true });
  });

  it('is written down for every command there is', () => {
    const known = COMMANDS.map(({ command }) => command);
    const missing = commands
      .filter((command) => !known.includes(command))
      .map((command) => `“${command}” has no row in ${TABLE}: say there what it records, or why nothing.`);
    const gone = known.filter((command) => !commands.includes(command));
    expect([...missing, ...gone]).toEqual([]);
  });

  const run = COMMANDS.filter((row) => 'args' in row.run);
  const seen = COMMANDS.flatMap((row) => ('seenBy' in row.run ? [{ ...row, seenBy: row.run.seenBy }] : []));

  it.each(seen)('of “$command” is seen elsewhere', async ({ command, seenBy }) => {
    const test = await readFile(join(import.meta.dirname, '..', '..', '..', seenBy), 'utf8');
    const [group = '', name = ''] = command.split(' ');
    expect(test).toMatch(new RegExp(`'${group}',\\s*'${name}'`));
  });

  it.each(run)('is what is written down for “$command”', ({ command, recorded: row }) => {
    expect(recorded.get(command)).toEqual(row.kind === 'nothing' ? [] : row.actions.toSorted());
  });
});
