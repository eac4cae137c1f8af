import { asSuperuser } from '../../../integration/ledger/tampering.js';
import { Loot } from '../../population/loot.ts';
import type { Attempt } from '../row.ts';
import type { Scene } from './swaps.ts';
import { AS_SYSTEM } from './writer.ts';

/** What the application’s role may do to history by itself. */
export async function historyByTheRole({ system, writer }: Scene): Promise<Attempt> {
  const tables = await system.database.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'audit'`,
  );
  const outcomes: (number | string)[] = [];
  for (const { name } of tables)
    for (const statement of [`DELETE FROM ${name}`, `TRUNCATE ${name}`, `INSERT INTO ${name} DEFAULT VALUES`])
      outcomes.push(await writer.write(statement, [], AS_SYSTEM));
  const done = outcomes.filter((outcome) => typeof outcome === 'number').length;
  return {
    tried: `deleting, truncating and inserting in ${tables.length} tables of the ledger: ${outcomes.length - done} of ${outcomes.length} refused`,
    obtained: new Loot(),
    breaches: done === 0 ? [] : [`The application’s role changed the ledger by ${done} statements.`],
  };
}

type Query = Parameters<Parameters<typeof asSuperuser>[1]>[0];
type Tampering = readonly [what: string, change: (query: Query, index: string) => Promise<unknown>];

const TAMPERINGS: readonly Tampering[] = [
  [
    'an entry changed',
    (query, index) =>
      query(
        `UPDATE audit.leaf SET envelope = convert_to(replace(convert_from(envelope, 'UTF8'), '"outcome":"allowed"', '"outcome":"refused"'), 'UTF8') WHERE leaf_index = $1`,
        [index],
      ),
  ],
  [
    'an entry changed with its hash',
    (query, index) =>
      query(
        `UPDATE audit.leaf SET (envelope, hash) = (convert_to('{}', 'UTF8'), sha256('\\x00'::bytea || convert_to('{}', 'UTF8'))) WHERE leaf_index = $1`,
        [index],
      ),
  ],
  ['an entry cut out', (query, index) => query('DELETE FROM audit.leaf WHERE leaf_index = $1', [index])],
];

/** With every right in the database and no trigger in the way: whether `sceau ledger verify` names what was done. */
export async function historyByTheSuperuser({ system }: Scene): Promise<readonly Attempt[]> {
  const { database } = system;
  const [leaf] = await database.query<{ index: string; row: Record<string, unknown> }>(
    `SELECT leaf_index::text AS index, to_jsonb(l) AS row FROM audit.leaf l
     WHERE convert_from(envelope, 'UTF8') LIKE '%"outcome":"allowed"%' ORDER BY l.leaf_index OFFSET 20 LIMIT 1`,
  );
  if (leaf === undefined) throw new Error('The ledger is shorter than twenty entries.');
  const attempts: Attempt[] = [];
  for (const [what, change] of TAMPERINGS) {
    await asSuperuser(database, async (query) => {
      await change(query, leaf.index);
    });
    const { code, output } = await system.command('ledger', 'verify');
    await asSuperuser(database, async (query) => {
      await query('DELETE FROM audit.leaf WHERE leaf_index = $1', [leaf.index]);
      await query('INSERT INTO audit.leaf SELECT (jsonb_populate_record(NULL::audit.leaf, $1)).*', [
        leaf.row,
      ]);
    });
    const named = new RegExp(`the first bad entry is ${leaf.index}\\.`).test(output);
    attempts.push({
      tried: `${what} by a superuser: sceau ledger verify ends with ${code} and ${named ? `names entry ${leaf.index}` : 'does not name it'}`,
      obtained: new Loot(),
      breaches:
        code === 1 && named
          ? []
          : [`With ${what}, verify ends with ${code} and does not name ${leaf.index}.`],
    });
  }
  const { code } = await system.command('ledger', 'verify');
  if (code !== 0) throw new Error('The ledger was not put back as it was.');
  return attempts;
}
