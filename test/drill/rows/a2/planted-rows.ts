import { relationsOf } from '../../../support/catalogue.js';
import { newId } from '../../../../src/kernel/ids.js';
import { Loot } from '../../population/loot.ts';
import type { Attempt } from '../row.ts';
import { type Scene, told } from './swaps.ts';
import { asAgency, asCandidate, AS_IDENTITY, AS_SYSTEM, type Pretence } from './writer.ts';

const OWNERS = ['candidate_id', 'account_id', 'subject_id'] as const;

/** All that the role is shown, whoever it says it acts for. */
export async function everythingShown({ system, writer, victim, agency }: Scene): Promise<Attempt> {
  const pretences = [AS_SYSTEM, AS_IDENTITY, asCandidate(victim.id), asAgency(agency.agencyId)];
  const relations = await relationsOf(system.database);
  const rows: string[] = [];
  for (const { name } of relations) for (const as of pretences) rows.push(...(await writer.rows(name, as)));
  const obtained = system.search.inBytes(Buffer.from(rows.join('\n'))).clear;
  return {
    tried: `${rows.length} rows of ${relations.length} tables read as the system, sign-in, a candidate and an agency: ${obtained.people.size} candidate(s) found`,
    obtained,
    breaches: obtained.people.size === 0 ? [] : [`Read by the role: ${obtained.describe()}.`],
  };
}

/** The victim's rows once more as the thief's own, in every table that the role may write to. */
export async function rowsPlanted(scene: Scene): Promise<Attempt> {
  const { system, writer, thief, client } = scene;
  const relations = (await relationsOf(system.database)).filter(
    ({ appMay, isView, schema }) =>
      !isView && appMay.includes('INSERT') && schema !== 'audit' && schema !== 'jobs',
  );
  const outcomes: (number | string)[] = [];
  const planted: [table: string, id: string][] = [];
  for (const { name, columns } of relations) {
    const names = columns.map((column) => column.name);
    const owner = OWNERS.find((column) => names.includes(column));
    const id = newId<'planted'>(Date.now());
    const row = await rowOf(scene, name, owner);
    if (row === undefined) continue;
    const changed = {
      ...row,
      ...(names.includes('id') ? { id } : {}),
      ...(owner === undefined ? {} : { [owner]: thief.id }),
    };
    const statement = `INSERT INTO ${name} SELECT (jsonb_populate_record(NULL::${name}, $1)).*`;
    let outcome: number | string = 0;
    for (const as of [asCandidate(thief.id), AS_IDENTITY, AS_SYSTEM] as readonly Pretence[]) {
      outcome = await writer.write(statement, [changed], as);
      if (typeof outcome === 'number') break;
    }
    outcomes.push(outcome);
    if (typeof outcome === 'number' && names.includes('id')) planted.push([name, id]);
  }
  const obtained = new Loot();
  const lists = ['education', 'experience', 'languages'].map((list) => `/v1/me/profile/${list}`);
  for (const path of [
    '/v1/me/profile',
    ...lists,
    '/v1/me/applications',
    '/v1/me/documents',
    '/v1/me/consents',
    '/v1/me/access-history',
    '/v1/me/notifications',
    '/v1/me/sessions',
  ])
    obtained.addAll(system.search.inText(JSON.stringify((await client.request(path)).body ?? '')));
  for (const [table, id] of planted.toReversed())
    await system.database.query(`DELETE FROM ${table} WHERE id = $1`, [id]);
  return told(
    `a row of another candidate planted as an own one in ${outcomes.length} tables that the role may write to`,
    outcomes,
    obtained.beyond((person) => person === thief.person),
  );
}

async function rowOf(
  { system, victim }: Scene,
  table: string,
  owner: string | undefined,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const where = owner === undefined ? '' : `WHERE ${owner} = $1`;
  const [found] = await system.database.query<{ row: Record<string, unknown> }>(
    `SELECT to_jsonb(t) AS row FROM ${table} t ${where} LIMIT 1`,
    owner === undefined ? [] : [victim.id],
  );
  return found?.row;
}
