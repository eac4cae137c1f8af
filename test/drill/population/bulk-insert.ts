import type { TestDatabase } from '../../support/database.js';

/** For each column its type and its values, all equally many. */
export type Columns = Readonly<Record<string, readonly [type: string, values: readonly unknown[]]>>;

/** Many rows by one statement, as the database's owner. @param table written into the statement as it stands */
export async function insertMany(database: TestDatabase, table: string, columns: Columns): Promise<void> {
  const lists = Object.values(columns).map(([type], at) => `$${at + 1}::${type}[]`);
  await database.query(
    `INSERT INTO ${table} (${Object.keys(columns).join(', ')}) SELECT * FROM unnest(${lists.join(', ')})`,
    Object.values(columns).map(([, values]) => values),
  );
}

/** The same value in every row. */
export const everywhere = <T>(rows: readonly unknown[], value: T): readonly T[] => rows.map(() => value);
