import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestDatabase } from '../database.js';

const SCRIPT = join(import.meta.dirname, 'run-pg-dump.mjs');
/** More than a text may be long is not dumped. */
const MOST_BYTES = 512 * 1_024 * 1_024;

/** A whole database as SQL: its schema with every function, default and comment, its rows, sequences and large objects. */
export interface Dump {
  /** Of pg_dump, such as `18.3`. */
  readonly version: string;
  readonly sql: Buffer;
}

/** Has pg_dump itself write it, as the owner, past every wall. It is a process of its own. */
export async function pgDump({ ownerUrl }: Pick<TestDatabase, 'ownerUrl'>): Promise<Dump> {
  const { stdout: sql } = await promisify(execFile)(process.execPath, [SCRIPT], {
    env: { DUMPED_URL: ownerUrl },
    encoding: 'buffer',
    maxBuffer: MOST_BYTES,
  });
  const version = /^-- Dumped by pg_dump version (\S+)$/m.exec(sql.toString('latin1', 0, 1_000))?.[1];
  if (version === undefined) throw new Error('That is no dump.');
  return { version, sql };
}
