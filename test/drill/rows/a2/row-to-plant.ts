import { randomBytes } from 'node:crypto';
import { newId } from '../../../../src/kernel/ids.js';
import type { TestDatabase } from '../../../support/database.js';
import type { Plantable, PlantableColumn } from './plantable.ts';
import { knownValues, OWNERS, valuesOf } from './planted-values.ts';
import type { Scene } from './swaps.ts';

type Row = Readonly<Record<string, unknown>>;

/** A row that satisfies its table's constraints. */
export interface RowToPlant {
  readonly row: Row;
  /** There was nothing in the table to copy. */
  readonly isInvented: boolean;
  /** Columns whose values a row has already that this one has to take the place of. */
  readonly instead: readonly string[] | undefined;
}

const DIGEST_BYTES = 32;
/** Of which there is always another value. */
const FREE_TYPES: ReadonlySet<string> = new Set([
  'uuid',
  'bytea',
  'text',
  'character varying',
  'integer',
  'bigint',
]);

/** Another's row, the victim's where there is one, as the thief's own; an invented one where there is none. */
export async function rowToPlant(scene: Scene, table: Plantable): Promise<RowToPlant> {
  const names = table.columns.map(({ name }) => name);
  const owner = OWNERS.find((column) => names.includes(column));
  const copied = await anothersRow(scene, table, owner);
  const changed: Row = {
    ...knownValues(scene),
    ...(owner === undefined ? {} : { [owner]: scene.thief.id }),
    ...valuesOf(table.name, scene),
  };
  const given = (row: Row): Row =>
    Object.fromEntries(names.map((name) => [name, name in changed ? changed[name] : row[name]]));
  const row = given(copied ?? (await inventedRow(scene, table)));
  return {
    ...(await fresh(scene, table, await referring(scene, table, row))),
    isInvented: copied === undefined,
  };
}

async function anothersRow(
  { system, victim, thief }: Scene,
  { name, key }: Plantable,
  owner: string | undefined,
): Promise<Row | undefined> {
  const victimFirst = owner === undefined ? [] : [`${owner} IS NOT DISTINCT FROM $1 DESC`];
  const order = [...victimFirst, ...key].join(', ');
  const where = owner === undefined ? '' : `WHERE ${owner} IS DISTINCT FROM $2`;
  const [found] = await system.database.query<{ row: Row }>(
    `SELECT to_jsonb(t) AS row FROM ${name} t ${where} ORDER BY ${order} LIMIT 1`,
    owner === undefined ? [] : [victim.id, thief.id],
  );
  return found?.row;
}

/** This moment, digests and lengths as the checks want them, and where something is sealed a value of the victim's. */
async function inventedRow({ system, victim }: Scene, { columns, since }: Plantable): Promise<Row> {
  const [sealed] = await system.database.query<{ value: string }>(
    'SELECT identity::text AS value FROM candidates.profile WHERE candidate_id = $1',
    [victim.id],
  );
  const byType: Row = {
    'timestamp with time zone': since ?? new Date(),
    boolean: true,
    smallint: 1,
    integer: 1,
    bigint: 1,
    jsonb: {},
    'text[]': [],
    'integer[]': [],
  };
  const invented = ({ type, isRequired, choice, bytes, sealed: isSealed }: PlantableColumn): unknown => {
    if (isSealed) return sealed?.value;
    if (!isRequired) return null;
    if (choice !== null) return choice;
    return byType[type] ?? anew(type, bytes);
  };
  return Object.fromEntries(columns.map((column) => [column.name, invented(column)]));
}

/** Where a row refers to one that is not there, it refers to the newest that is. */
async function referring({ system: { database } }: Scene, { references }: Plantable, row: Row): Promise<Row> {
  const referred: Record<string, unknown> = { ...row };
  for (const { columns, table, targets } of references) {
    if (columns.some((name) => referred[name] === null)) continue;
    const wanted = Object.fromEntries(targets.map((target, at) => [target, referred[columns[at] ?? '']]));
    if (await isThere(database, table, wanted)) continue;
    const [newest] = await database.query<{ row: Row }>(
      `SELECT to_jsonb(t) AS row FROM ${table} t ORDER BY ${targets.map((name) => `${name} DESC`).join(', ')} LIMIT 1`,
    );
    const there = columns.map((name, at) => [name, newest?.row[targets[at] ?? '']]);
    Object.assign(referred, Object.fromEntries(there));
  }
  return referred;
}

/** Other values where no two rows may share them; where none may be chosen, the row that has them gives way. */
async function fresh(
  { system: { database } }: Scene,
  { name: table, columns, uniques, references }: Plantable,
  row: Row,
): Promise<Pick<RowToPlant, 'instead' | 'row'>> {
  const changed: Record<string, unknown> = { ...row };
  let instead: readonly string[] | undefined;
  const given = new Set<string>([
    ...OWNERS,
    'agency_id',
    ...references.flatMap((reference) => reference.columns),
  ]);
  for (const unique of uniques) {
    if (!(await isThere(database, table, Object.fromEntries(unique.map((name) => [name, changed[name]])))))
      continue;
    const free = columns.find(
      ({ name, type, choice }) =>
        unique.includes(name) && !given.has(name) && choice === null && FREE_TYPES.has(type),
    );
    if (free === undefined) instead = unique;
    else changed[free.name] = await another(database, table, free);
  }
  return { row: changed, instead };
}

async function another(
  database: TestDatabase,
  table: string,
  { name, type, bytes }: PlantableColumn,
): Promise<unknown> {
  if (type !== 'integer' && type !== 'bigint') return anew(type, bytes);
  const [last] = await database.query<{ next: number }>(`SELECT max(${name}) + 1 AS next FROM ${table}`);
  return last?.next;
}

/** A value that nobody has. */
function anew(type: string, bytes: number | null): unknown {
  if (type === 'uuid') return newId<'planted'>(Date.now());
  if (type === 'bytea') return `\\x${randomBytes(bytes ?? DIGEST_BYTES).toString('hex')}`;
  return 'planted';
}

async function isThere(database: TestDatabase, table: string, values: Row): Promise<boolean> {
  const same = Object.keys(values).map((name) => `t."${name}" = v."${name}"`);
  const found = await database.query(
    `SELECT FROM ${table} t, jsonb_populate_record(NULL::${table}, $1) AS v WHERE ${same.join(' AND ')} LIMIT 1`,
    [values],
  );
  return found.length > 0;
}
