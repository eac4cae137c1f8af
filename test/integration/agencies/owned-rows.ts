import type { TestDatabase } from '../../support/database.js';
import { type Relation, relationsOf } from '../../support/catalogue.js';
import { fingerprint } from '../../support/fingerprint.js';

/** A row that belongs to one agency, wherever it is. */
export interface OwnedRow {
  readonly table: string;
  readonly id: string;
  /** 1 where rows have no revision. */
  readonly revision: number;
}

const has = (table: Relation, column: string): boolean => table.columns.some(({ name }) => name === column);

/** Every table that holds rows of agencies, in whichever room. */
export async function agencyTables(database: TestDatabase): Promise<readonly Relation[]> {
  return (await relationsOf(database)).filter((table) => table.appMay.length > 0 && has(table, 'agency_id'));
}

/** All that an agency has, as its owner's owner sees it: vacancies, applications, their events, its clients. */
export async function rowsOf(database: TestDatabase, agencyId: string): Promise<readonly OwnedRow[]> {
  const tables = (await agencyTables(database)).filter((table) => has(table, 'id'));
  const found = await Promise.all(
    tables.map((table) =>
      database.query<OwnedRow>(
        `SELECT '${table.name}' AS "table", id::text AS id, ${has(table, 'revision') ? 'revision' : '1'} AS revision
         FROM ${table.name} WHERE agency_id = $1 ORDER BY id`,
        [agencyId],
      ),
    ),
  );
  return found.flat();
}

/** Digests of all that belongs to agencies; jobs that are still under way elsewhere do not show. */
export async function stateOfAgencies(database: TestDatabase): Promise<Record<string, string>> {
  const names = new Set((await agencyTables(database)).map(({ name }) => name));
  return Object.fromEntries(Object.entries(await fingerprint(database)).filter(([name]) => names.has(name)));
}
