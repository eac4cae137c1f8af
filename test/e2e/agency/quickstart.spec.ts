import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { spawnCommand } from '../../support/command-line.js';
import { type Sceau, startSceau } from '../../support/sceau.js';

const ROOT = resolve(import.meta.dirname, '../../..');
const run = promisify(execFile);

/** What a newcomer pastes, taken out of the page and run against a server. */
describe('docs/agency-quickstart.md', () => {
  let sceau: Sceau;
  let folder: string;
  let page: string;

  const blocks = (language: string): readonly string[] =>
    [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, code = '']) => code);

  beforeAll(async () => {
    sceau = await startSceau();
    folder = await mkdtemp(join(tmpdir(), 'sceau-quickstart-'));
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    page = await readFile(join(ROOT, 'docs/agency-quickstart.md'), 'utf8');
    for (const line of blocks('sh').join('').trim().split('\n')) await operate(line);
  }, 120_000);

  afterAll(async () => {
    await sceau.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** One line of an operator's: the command line is run as it is built, in the folder where the rest runs. */
  async function operate(line: string): Promise<void> {
    const [, words = ''] = /^npm run sceau -- (.+)$/.exec(line) ?? [];
    const args = words.split(' ').map((word) => (word.endsWith('.json') ? join(folder, word) : word));
    expect(await spawnCommand(sceau, args)).toMatchObject({ code: 0, complaint: '' });
  }

  it('is about commands, a recipe in shell and a sample of forty lines', () => {
    expect(blocks('sh').join('')).toMatch(/^npm run sceau -- agency demo-key --out agency\.json$/m);
    expect(blocks('bash').length).toBeGreaterThan(2);
    const [sample = '', ...more] = blocks('ts');
    expect(more).toEqual([]);
    expect(sample.split('\n').length).toBeLessThanOrEqual(41);
  });

  it('has a recipe for curl that gets a token, publishes a vacancy and sees an application through', async () => {
    const script = join(folder, 'recipe.sh');
    await writeFile(script, blocks('bash').join('\n'));
    const { stdout, stderr } = await run('bash', ['-euo', 'pipefail', script], { cwd: folder });
    expect(stderr).toBe('');
    expect(stdout).toContain('"status":"published"');
    expect(stdout).toContain('"purpose":"review"');
    expect(stdout).toContain('"status":"accepted"');
    expect(stdout).not.toContain('"code":');
  }, 60_000);

  it('has a sample in TypeScript that reads an application and moves it on', async () => {
    const script = join(folder, 'sample.ts');
    await writeFile(script, blocks('ts').join('\n'));
    const { stdout, stderr } = await run(process.execPath, [script], { cwd: folder });
    expect(stderr).not.toContain('Error');
    expect(stdout).toContain('sandbox: true');
    expect(stdout).toMatch(/^under_review$/m);
  }, 60_000);
});
