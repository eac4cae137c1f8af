import type { INestApplicationContext } from '@nestjs/common';
import { parseId, type Id, type SubjectId } from '../../../src/kernel/ids.js';
import { SubjectKeys } from '../../../src/sealing/index.js';
import { keyVersionOf, openField } from '../../../src/sealing/format/sealed-field.js';
import type { PlaceName } from '../../../src/sealing/places.js';
import { SEALED_TABLES } from '../../../src/sealing/rotation/sealed-rows.js';
import type { TestDatabase } from '../../support/database.js';

export interface SealedValue {
  readonly subject: SubjectId;
  readonly place: PlaceName;
  readonly row: string;
  /** Key version that it is sealed under. */
  readonly version: number;
  /** What it says, or `undefined` when it does not open under any key there is. */
  readonly text: string | undefined;
}

/** Every sealed value of every subject with a key, past every wall. */
export async function sealedValues(
  database: TestDatabase,
  rooms: INestApplicationContext,
): Promise<readonly SealedValue[]> {
  const subjects = await database.query<{ id: string }>(
    'SELECT DISTINCT subject_id::text AS id FROM keys.subject_key ORDER BY 1',
  );
  const values: SealedValue[] = [];
  for (const { id } of subjects) {
    const subject = parseId<Id<'subject'>>(id);
    if (subject !== undefined) values.push(...(await valuesOf(database, rooms, subject)));
  }
  return values;
}

export async function valuesOf(
  database: TestDatabase,
  rooms: Pick<INestApplicationContext, 'get'>,
  subject: SubjectId,
): Promise<readonly SealedValue[]> {
  const keys = rooms.get(SubjectKeys, { strict: false });
  const values: SealedValue[] = [];
  for (const { table, row, owned, columns } of SEALED_TABLES) {
    const rows = await database.query<Record<string, unknown>>(
      `SELECT "${row}"::text AS "row id", * FROM ${table} WHERE ${owned}`,
      [subject],
    );
    for (const found of rows) {
      for (const { place, column } of columns) {
        const value = found[column];
        if (!Buffer.isBuffer(value)) continue;
        const id = String(found['row id']);
        const version = keyVersionOf(value) ?? 0;
        const [key] = await keys.find([{ subject, version }]);
        values.push({
          subject,
          place,
          row: id,
          version,
          text: key && openedOrNot(() => openField(key.key, place, { subject, row: id }, value).toString()),
        });
      }
    }
  }
  return values;
}

function openedOrNot(open: () => string): string | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}
