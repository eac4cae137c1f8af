import { type Relation, relationsOf } from '../../../support/catalogue.js';
import { newId } from '../../../../src/kernel/ids.js';
import { Loot } from '../../population/loot.ts';
import { requestTo, routesFor } from '../../system/routes.ts';
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

/** The victim's rows once more as the thief's own, in every table that the role may insert into. */
export async function rowsPlanted(scene: Scene): Promise<Attempt> {
  const { system, writer, thief, client } = scene;
  const relations = (await relationsOf(system.database)).filter(
    ({ appMay, isView }) => !isView && appMay.includes('INSERT'),
  );
  const outcomes: (number | string)[] = [];
  const obtained = new Loot();
  let invented = 0;
  try {
    for (const relation of relations) {
      const names = relation.columns.map(unquoted);
      const owner = OWNERS.find((column) => names.includes(column));
      const copied = await rowOf(scene, relation.name, owner);
      if (copied === undefined) invented += 1;
      const found = copied ?? (await inventedRow(scene, relation));
      const row = {
        ...Object.fromEntries(names.map((name) => [name, found[name]])),
        ...(names.includes('id') ? { id: newId<'planted'>(Date.now()) } : {}),
        ...(owner === undefined ? {} : { [owner]: thief.id }),
      };
      const ways: readonly Pretence[] = [asCandidate(thief.id), AS_IDENTITY, AS_SYSTEM];
      outcomes.push(await writer.plant(relation.name, row, ways));
    }
    const routes = (await routesFor(system, 'candidate', 'person')).filter(({ method }) => method === 'GET');
    for (const route of routes) {
      const { body } = await client.request(...requestTo(route, thief.application));
      obtained.addAll(system.search.inText(JSON.stringify(body ?? '')));
    }
  } finally {
    await writer.clear();
  }
  return told(
    `a row of another candidate, or an invented one in ${invented} empty tables, planted as an own one in each of the ${outcomes.length} tables that the role may insert into, and everything read that a candidate can read`,
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

/** Where there is nothing to copy: own ids, this moment, and for bytes a sealed value of the victim's. */
async function inventedRow(
  { system, victim, thief, agency }: Scene,
  { columns }: Relation,
): Promise<Readonly<Record<string, unknown>>> {
  const [sealed] = await system.database.query<{ value: string }>(
    'SELECT identity::text AS value FROM candidates.profile WHERE candidate_id = $1',
    [victim.id],
  );
  const known: Readonly<Record<string, unknown>> = {
    agency_id: agency.agencyId,
    client_id: agency.clientId,
    application_id: thief.application,
    vacancy_id: agency.vacancy,
  };
  const byType: Readonly<Record<string, unknown>> = {
    bytea: sealed?.value,
    'timestamp with time zone': new Date(),
    boolean: true,
    smallint: 1,
    integer: 1,
    bigint: 1,
    text: 'planted',
    jsonb: {},
    'text[]': [],
  };
  return Object.fromEntries(
    columns.map((column) => [
      unquoted(column),
      known[column.name] ?? (column.type === 'uuid' ? newId<'planted'>(Date.now()) : byType[column.type]),
    ]),
  );
}

/** A column's name, as a row in JSON has it. */
const unquoted = ({ name }: Relation['columns'][number]): string => name.replaceAll('"', '');
