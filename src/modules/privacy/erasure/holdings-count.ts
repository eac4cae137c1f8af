import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CandidateId } from '../../../kernel/ids.js';
import { Database } from '../../../platform/database/database.js';
import { PersonalData } from '../../personal-data/index.js';

/** How many rows of a table are a candidate's. */
export interface HeldRows {
  /** With its schema. */
  readonly name: string;
  readonly rows: number;
}

/** Columns that say whose a row is, wherever one has it. */
const OWNERS = ['candidate_id', 'account_id', 'actor', 'id'] as const;

/** Counts what the sources of personal data name; nothing is opened. */
@Injectable()
export class HoldingsCount {
  readonly #database: Database;
  readonly #data: PersonalData;

  constructor(database: Database, data: PersonalData) {
    this.#database = database;
    this.#data = data;
  }

  async of(candidateId: CandidateId): Promise<readonly HeldRows[]> {
    const tables = this.#data.sources
      .flatMap((source) => source.tables)
      .filter((name) => !name.startsWith('audit.'));
    const count = (name: string) => (manager: EntityManager) => rowsOf(manager, name, candidateId);
    const held: HeldRows[] = [];
    for (const name of tables.toSorted()) {
      // Candidates' own tables show themselves to the candidate alone.
      const seen = await Promise.all([
        this.#database.run({ kind: 'system' }, count(name)),
        this.#database.run({ kind: 'candidate', candidateId }, count(name)),
      ]);
      held.push({ name, rows: Math.max(...seen) });
    }
    return held.filter(({ rows }) => rows > 0);
  }
}

/** @param table one that our own code names */
async function rowsOf(manager: EntityManager, table: string, candidate: CandidateId): Promise<number> {
  const columns: { name: string }[] = await manager.query(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attname = ANY ($2)
     ORDER BY array_position($2, attname::text) LIMIT 1`,
    [table, OWNERS],
  );
  const owner = columns[0]?.name;
  if (owner === undefined) return 0;
  const value = owner === 'actor' ? `account:${candidate}` : candidate;
  const [row]: { count: number }[] = await manager.query(
    `SELECT count(*)::integer AS count FROM ${table} WHERE ${owner} = $1`,
    [value],
  );
  return row?.count ?? 0;
}
