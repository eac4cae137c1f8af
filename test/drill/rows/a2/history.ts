import { asSuperuser } from '../../../integration/ledger/tampering.js';
import { newId } from '../../../../src/kernel/ids.js';
import { record } from '../../../support/actors.js';
import { eventually } from '../../../support/eventually.js';
import { FORBIDDEN } from '../../../support/roles.js';
import { entriesSince } from '../../system/ledger.ts';
import { Loot } from '../../population/loot.ts';
import type { Attempt } from '../row.ts';
import type { Scene } from './swaps.ts';
import { AS_SYSTEM } from './writer.ts';

/** What the application’s role may do to history by itself: no table of the ledger takes a row of its, so none is planted. */
export async function historyByTheRole({ system, writer }: Scene): Promise<Attempt> {
  const tables = await system.database.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'audit'`,
  );
  const outcomes: (number | string)[] = [];
  for (const { name } of tables)
    for (const statement of [`DELETE FROM ${name}`, `TRUNCATE ${name}`, `INSERT INTO ${name} DEFAULT VALUES`])
      outcomes.push(await writer.write(statement, [], AS_SYSTEM));
  const done = outcomes.filter((outcome) => outcome !== FORBIDDEN).length;
  return {
    tried: `deleting, truncating and inserting in ${tables.length} tables of the ledger: ${outcomes.length - done} of ${outcomes.length} refused`,
    obtained: new Loot(),
    breaches: done === 0 ? [] : [`The application’s role changed the ledger by ${done} statements.`],
  };
}

/**
 * The one way by which the role writes to the ledger, with an entry that is there already, told as somebody else's: the
 * function takes it, the sequencer puts it aside and says so.
 */
export async function entryForged({ system, writer, agency }: Scene): Promise<Attempt> {
  const { database } = system;
  const since = new Date();
  const [id, stream] = [newId<'entry'>(Date.now()), newId<'writer'>(Date.now())];
  const [leaf] = await database.query<{ envelope: Buffer }>(
    `SELECT envelope FROM audit.leaf WHERE convert_from(envelope, 'UTF8') LIKE '%"action":"application.disclosed"%' LIMIT 1`,
  );
  const envelope = Buffer.from(JSON.stringify({ ...parsed(leaf?.envelope), id, agency: agency.agencyId }));
  const outcome = await writer.write(
    `SELECT audit.append(ARRAY[$1::uuid], ARRAY[$2::uuid], ARRAY[1::bigint], ARRAY[$3::bytea], ARRAY[''::bytea], ARRAY[$4::bytea])`,
    [id, stream, envelope, UNSIGNED],
    AS_SYSTEM,
  );
  const objected = await eventually('the objection to the entry', async () => {
    const found = await entriesSince(system, since, ['ledger.entry_forged']);
    return found.length > 0 ? found : undefined;
  }).catch(() => []);
  const taken = await database.query('SELECT FROM audit.entry WHERE entry_id = $1', [id]);
  return {
    tried: `an entry in another agency’s name given to the ledger by the function that the role may call: ${typeof outcome === 'number' ? 'staged' : `refused with ${outcome}`}, ${objected.length} alert(s), ${taken.length} in the tree`,
    obtained: new Loot(),
    breaches: [
      ...(taken.length === 0 ? [] : ['A forged entry is in the tree.']),
      ...(objected.length === 0 ? ['Nobody was told of the forged entry.'] : []),
    ],
  };
}

const parsed = (bytes: Buffer | undefined): Record<string, unknown> =>
  record(JSON.parse(bytes?.toString('utf8') ?? '{}'));

/** As long as the shortest signature of a batch. */
const UNSIGNED = Buffer.alloc(68);

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
