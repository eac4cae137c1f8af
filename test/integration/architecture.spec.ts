import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import extractConfiguration from 'dependency-cruiser/config-utl/extract-depcruise-config';
import { BREACHES, CLEAN, type Tree } from '../support/architecture-samples.js';

const REPOSITORY = resolve(import.meta.dirname, '../..');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sceau-architecture-'));
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Writes the trees over one another, a file of two trees holding both texts, and checks the result. */
function check(...trees: readonly Tree[]): { exit: number | null; lines: string[] } {
  for (const [path, content] of trees.flatMap((tree) => Object.entries(tree))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    appendFileSync(join(folder, path), `${content}\n`);
  }
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(REPOSITORY, 'tools/check-architecture.ts'), folder],
    { encoding: 'utf8' },
  );
  const lines = `${stderr}${stdout}`.trim().split('\n');
  return {
    exit: status,
    lines: lines.map((line) => line.replace(/-> \S*node_modules\//, '-> node_modules/')),
  };
}

describe('the architecture check', () => {
  it('accepts every import that a room may have', () => {
    const { exit, lines } = check(CLEAN);
    expect(lines).toEqual([expect.stringMatching(/^\d+ modules, \d+ dependencies, 0 violations$/)]);
    expect(exit).toBe(0);
  });

  it('names each breach with its rule', () => {
    const { exit, lines } = check(CLEAN, ...BREACHES.map(([, added]) => added));
    const unnoticed = BREACHES.filter(
      ([rule, , named]) => !lines.some((line) => line.startsWith(`${rule}: ${named}`)),
    );
    expect(unnoticed).toEqual([]);
    expect(exit).toBe(1);
  });

  it('fails on a single breach', () => {
    const { exit, lines } = check(CLEAN, { 'src/kernel/x.ts': `import '../platform/clock.js';` });
    expect(lines.at(-1)).toMatch(/, [1-9]\d* violations$/);
    expect(exit).toBe(1);
  });

  it('has a sample for each of its rules', async () => {
    const { forbidden = [] } = await extractConfiguration(join(REPOSITORY, '.dependency-cruiser.mjs'));
    const tried = new Set(BREACHES.map(([rule]) => rule));
    expect([...tried].toSorted()).toEqual(forbidden.map(({ name }) => name ?? '').toSorted());
  });

  it('refuses to call an empty tree clean', () => {
    const { exit, lines } = check({ 'src/readme.txt': 'nothing', 'migrations/readme.txt': 'nothing' });
    expect(lines).toEqual(['Nothing was checked: 0 modules, 0 dependencies.']);
    expect(exit).toBe(2);
  });

  it('refuses to call a tree without any import clean', () => {
    const { exit, lines } = check({ 'src/main.ts': 'export {};', 'migrations/readme.txt': 'nothing' });
    expect(lines).toEqual(['Nothing was checked: 1 modules, 0 dependencies.']);
    expect(exit).toBe(2);
  });
});
