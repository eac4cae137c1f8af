import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataDirectoryOf } from '../../../tools/embedded-data.ts';
import { lockHome, openHome } from '../../../tools/home.ts';

describe('the home folder', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sceau-home-'));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is made with everything above it, for its owner only', async () => {
    const home = join(folder, 'a b', 'é', 'home');
    await openHome(home);
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    await openHome(home);
  });

  it('is refused in one sentence where none can be', async () => {
    await writeFile(join(folder, 'file'), '');
    // Below /dev/null and, on Linux, /proc nothing can be made, whoever asks.
    const impossible = [join(folder, 'file'), join(folder, 'file', 'below'), '/dev/null/x'];
    if (existsSync('/proc/self')) impossible.push('/proc/sceau/home');
    for (const home of impossible) {
      await expect(openHome(home)).rejects.toThrow(
        /^The folder \S+ cannot be written \(\w+\)\. Choose another/,
      );
    }
  });

  it('is held by one process, until that gives it free', async () => {
    const release = await lockHome(folder);
    expect(await readFile(join(folder, 'running.pid'), 'utf8')).toBe(String(process.pid));
    await release();
    expect(existsSync(join(folder, 'running.pid'))).toBe(false);
  });

  it('is free again when the process that held it is gone, or its number is another’s', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      await writeFile(join(folder, 'running.pid'), String(other.pid));
      if (existsSync('/proc/self')) await (await lockHome(folder))();
    } finally {
      other.kill('SIGKILL');
      await once(other, 'exit');
    }
    await writeFile(join(folder, 'running.pid'), String(other.pid));
    await lockHome(folder);
    expect(await readFile(join(folder, 'running.pid'), 'utf8')).toBe(String(process.pid));
  });
});

describe('where the embedded data lies', () => {
  /** Nobody's: as which no folder of ours can be entered. */
  const stranger = { uid: 65_534, gid: 65_534 };
  let folder: string;
  let home: string;
  let shelter: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sceau-place-'));
    home = join(folder, 'home');
    shelter = join(folder, 'shelter');
    await mkdir(home);
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is the home, when we run PostgreSQL ourselves', async () => {
    const place = await dataDirectoryOf({ home, password: 'one', owner: {}, shelter });
    expect(place).toBe(join(home, 'postgres'));
  });

  it('is a shelter when PostgreSQL’s user cannot reach the home, the same at every start', async () => {
    const place = await dataDirectoryOf({ home, password: 'one', owner: stranger, shelter });
    expect(place.startsWith(`${shelter}/data-`)).toBe(true);
    expect(await readFile(join(home, 'postgres-location'), 'utf8')).toBe(`${place}\n`);
    expect(await dataDirectoryOf({ home, password: 'one', owner: stranger, shelter })).toBe(place);
  });

  it('is a new one for a home that was removed and made again', async () => {
    const place = await dataDirectoryOf({ home, password: 'one', owner: stranger, shelter });
    expect(await dataDirectoryOf({ home, password: 'two', owner: stranger, shelter })).not.toBe(place);
  });

  it('is not given up for an empty one when the home is closed later', async () => {
    await mkdir(join(home, 'postgres'));
    await writeFile(join(home, 'postgres', 'PG_VERSION'), '18\n');
    await expect(dataDirectoryOf({ home, password: 'one', owner: stranger, shelter })).rejects.toThrow(
      /can no longer reach/,
    );
  });
});
