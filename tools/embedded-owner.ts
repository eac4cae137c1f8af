import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Who runs PostgreSQL: ourselves, or an ordinary user when we are root, as which PostgreSQL refuses to run. */
export interface Owner {
  /** Undefined: ourselves. */
  readonly uid?: number;
  readonly gid?: number;
}

const NAMES = ['postgres', 'sceau-postgres'] as const;

function idOf(kind: '-u' | '-g', name: string): number | undefined {
  try {
    return Number(execFileSync('id', [kind, name], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
  } catch {
    return undefined;
  }
}

function find(): Owner | undefined {
  for (const name of NAMES) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  return undefined;
}

/** @throws Error in one sentence when we are root and there is no ordinary user and none can be made */
export function postgresOwner(): Owner {
  if (process.getuid?.() !== 0) return {};
  const existing = find();
  if (existing !== undefined) return existing;
  try {
    execFileSync(
      'useradd',
      ['--system', '--no-create-home', '--user-group', '--shell', '/usr/sbin/nologin', NAMES[1]],
      { stdio: 'ignore' },
    );
  } catch {
    throw new Error(
      'PostgreSQL does not run as root and no user could be made for it: start as an ordinary user, or set DATABASE_URL.',
    );
  }
  const made = find();
  if (made === undefined) throw new Error('The user that was made for PostgreSQL cannot be found.');
  return made;
}

/** Whether a folder and everything above it lets the owner in. */
export function isReachable(folder: string, { uid, gid }: Owner): boolean {
  if (uid === undefined) return true;
  const { mode, uid: user, gid: group } = statSync(folder);
  const bit = user === uid ? 0o100 : group === gid ? 0o010 : 0o001;
  if ((mode & bit) === 0) return false;
  const above = dirname(folder);
  return above === folder || isReachable(above, { uid, ...(gid === undefined ? {} : { gid }) });
}
