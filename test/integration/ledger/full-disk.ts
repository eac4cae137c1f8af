import { execFile } from 'node:child_process';
import { appendFile, chmod, chown, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type pg from 'pg';
import { systemCode } from '../../../src/kernel/errors.js';

const run = promisify(execFile);
const SIZE_KIB = 256;

/** A disk that the ledger's staging table is on, and that can be full. */
export interface Disk {
  readonly fill: () => Promise<void>;
  readonly free: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** A real one where we may mount one and the server is ours; elsewhere the server says what it says of a full one. */
export async function smallDisk(owner: pg.Client): Promise<Disk> {
  try {
    return await tinyFileSystem(owner);
  } catch (error) {
    if (process.getuid?.() === 0 && process.platform === 'linux' && systemCode(error) === 'ENOSPC')
      throw error;
    return saidToBeFull(owner);
  }
}

async function tinyFileSystem(owner: pg.Client): Promise<Disk> {
  const { rows } = await owner.query<{ place: string }>(`SELECT current_setting('data_directory') AS place`);
  const { uid, gid } = await stat(rows[0]?.place ?? '');
  const folder = await mkdtemp(join(tmpdir(), 'sceau-disk-'));
  const tablespace = `tiny_${process.pid}`;
  const filler = join(folder, 'filler');
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_KIB}k`, 'tmpfs', folder]);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  await chown(folder, uid, gid);
  await chmod(folder, 0o700);
  await owner.query(`CREATE TABLESPACE ${tablespace} LOCATION '${folder}'`);
  await owner.query(`ALTER TABLE audit.staging SET TABLESPACE ${tablespace}`);
  return {
    async fill() {
      // What is left of the table may have room in it; an empty one has to grow.
      await owner.query('TRUNCATE audit.staging');
      await fillUp(filler);
    },
    free: () => rm(filler, { force: true }),
    async remove() {
      await rm(filler, { force: true });
      await owner.query('ALTER TABLE audit.staging SET TABLESPACE pg_default');
      await owner.query(`DROP TABLESPACE ${tablespace}`);
      await run('umount', [folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function fillUp(file: string): Promise<void> {
  const block = Buffer.alloc(4_096);
  for (;;) {
    try {
      await appendFile(file, block);
    } catch (error) {
      if (systemCode(error) === 'ENOSPC') return;
      throw error;
    }
  }
}

/** SQLSTATE 53100 is what PostgreSQL reports when it cannot extend a file. */
function saidToBeFull(owner: pg.Client): Disk {
  const free = async (): Promise<void> => {
    await owner.query('DROP FUNCTION IF EXISTS public.full() CASCADE');
  };
  return {
    async fill() {
      await owner.query(
        `CREATE FUNCTION public.full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
         CREATE TRIGGER full_disk BEFORE INSERT ON audit.staging FOR EACH STATEMENT EXECUTE FUNCTION public.full()`,
      );
    },
    free,
    remove: free,
  };
}
