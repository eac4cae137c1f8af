import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What every command does first, on whatever Node there is: install what is missing, build what is outdated, and
 * hand over to the project's own Node. Plain JavaScript, no dependency: nothing is installed yet.
 */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const NODE = join(ROOT, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const BUILT = join(ROOT, 'dist', '.built');
/** Where Node keeps what it has compiled; removed with the packages. */
const COMPILED = join(ROOT, 'node_modules', '.cache', 'node-compile-cache');

/** One clear sentence instead of a stack. @returns {never} */
export function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

/** Runs npm and shows what it says, apart from what the command itself will say on standard output. */
function npm(...args) {
  const { status } = spawnSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
    cwd: ROOT,
    stdio: ['inherit', process.stderr, 'inherit'],
  });
  return status === 0;
}

/** Whether what is installed is what the lock file says; optional packages of other machines do not count. */
function isInstalled() {
  const installed = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional === true || present[path]?.version === version,
  );
}

export function ensureInstalled() {
  if (!isInstalled()) {
    process.stderr.write('Installing packages…\n');
    if (!npm('ci', '--no-audit', '--no-fund', '--loglevel=error'))
      fail('The packages could not be installed: see what npm says above.');
  }
  if (!existsSync(NODE)) npm('rebuild', 'node', '--loglevel=error');
  if (!existsSync(NODE)) {
    fail(
      'Node 24 is missing from node_modules: npm ran no install scripts. Allow them for the package "node" and run npm ci.',
    );
  }
}

function newestChange(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((newest, entry) => {
    const path = join(folder, entry.name);
    return Math.max(newest, entry.isDirectory() ? newestChange(path) : statSync(path).mtimeMs);
  }, 0);
}

export function ensureBuilt() {
  const sources = Math.max(
    newestChange(join(ROOT, 'src')),
    statSync(join(ROOT, 'package-lock.json')).mtimeMs,
  );
  if (existsSync(BUILT) && statSync(BUILT).mtimeMs >= sources) return;
  process.stderr.write('Building…\n');
  const { status } = spawnSync(
    NODE,
    [join(ROOT, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js'), 'build'],
    {
      cwd: ROOT,
      stdio: ['inherit', process.stderr, 'inherit'],
    },
  );
  if (status !== 0) fail('The application could not be built: see the errors above.');
  writeFileSync(BUILT, '');
}

/**
 * Runs a script under the project's Node until it ends, passing signals on; ends with its exit code.
 * With `watched` the script has a channel to us, and notices when we are gone.
 */
export function handOver(script, args = process.argv.slice(2), { watched = false } = {}) {
  const path = `${join(ROOT, 'node_modules', '.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`;
  const child = spawn(NODE, ['--disable-warning=ExperimentalWarning', join(ROOT, script), ...args], {
    cwd: ROOT,
    stdio: ['inherit', 'inherit', 'inherit', ...(watched ? ['ipc'] : [])],
    // Compiled once, for whatever the script starts in its turn as well.
    env: { NODE_COMPILE_CACHE: COMPILED, ...process.env, PATH: path },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
  child.on('error', () => fail('The project’s own Node could not be started.'));
}
