import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { VARIABLES } from '../../src/platform/config/variables.js';
import { environmentExample } from '../../tools/environment-example.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found = '']) => found);

function pages(folder = ''): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return path.endsWith('.md') ? [path] : [];
    return folder === '' && !['docs', 'docker'].includes(entry.name) ? [] : pages(path);
  });
}

describe('the documentation', () => {
  it('shows every variable in .env.example', () => {
    expect(read('.env.example')).toBe(environmentExample());
  });

  it('links to files that exist', () => {
    const links = pages().flatMap((page) =>
      matches(read(page), /\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g).map((target) => ({
        page,
        target: join(dirname(page), target),
      })),
    );
    expect(links.length).toBeGreaterThan(30);
    expect(links.filter(({ target }) => !existsSync(join(ROOT, target)))).toEqual([]);
  });

  it('lists every decision, and each has all its parts', () => {
    const decisions = readdirSync(join(ROOT, 'docs/adr')).filter((name) => /^\d{4}-.+\.md$/.test(name));
    const index = read('docs/adr/README.md');
    expect(decisions.length).toBeGreaterThanOrEqual(21);
    for (const name of decisions) {
      expect(index).toContain(`](${name})`);
      expect(
        matches(
          read(`docs/adr/${name}`),
          /^(?:## |- )(Date|Status|Context|Decision|Consequences|Rejected)\b/gm,
        ),
      ).toEqual(['Date', 'Status', 'Context', 'Decision', 'Consequences', 'Rejected']);
    }
  });

  it('names npm scripts that exist', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'));
    const named = new Set(pages().flatMap((page) => matches(read(page), /npm run (?:-s )?([\w:-]+)/g)));
    expect([...named].filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('the deployment', () => {
  const compose = read('docker/compose.yaml');
  const dockerfile = read('docker/Dockerfile');

  it('sets variables that exist', () => {
    const set = [
      ...matches(compose, /^\s+([A-Z][A-Z_]+?)(?:_FILE)?: (?!\$\{SCEAU_HOST\}$)/gm),
      ...matches(dockerfile, /\b([A-Z][A-Z_]+)=/g),
      ...matches(read('docker/entrypoint.sh'), /\b([A-Z_]+_URL)\b/g),
    ];
    const elsewhere = ['CI', 'POSTGRES_USER', 'POSTGRES_DB', 'POSTGRES_PASSWORD', 'POSTGRES_INITDB_ARGS'];
    const known = new Set([...Object.keys(VARIABLES), ...elsewhere]);
    expect(set.length).toBeGreaterThan(25);
    expect(set.filter((name) => !known.has(name))).toEqual([]);
  });

  it('copies and starts what exists', () => {
    const copied = matches(dockerfile, /^COPY (?!--from)(.+) \S+$/gm).flatMap((sources) =>
      sources.split(' '),
    );
    expect(copied).toContain('migrations');
    expect(copied.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);

    const started = matches(`${compose}\n${dockerfile}`, /\bdist\/([\w/]+)\.js/g);
    expect([...new Set(started)].toSorted()).toEqual(['cli/main', 'main', 'worker']);
    expect(started.filter((path) => !existsSync(join(ROOT, 'src', `${path}.ts`)))).toEqual([]);
  });

  it('lets into the build what it copies', () => {
    const admitted = matches(read('docker/Dockerfile.dockerignore'), /^!(.+)$/gm);
    const copied = matches(dockerfile, /^COPY (?!--from)(.+) \S+$/gm).flatMap((sources) =>
      sources.split(' '),
    );
    expect(copied.filter((path) => !admitted.includes(relative('.', path)))).toEqual([]);
  });

  it('mounts secrets that it declares and makes', () => {
    const used = new Set(matches(compose, /\/run\/secrets\/(\w+)/g));
    const declared = matches(compose, /^ {2}(\w+): \{ file: \.\/secrets\/\w+ \}/gm);
    expect([...used].toSorted()).toEqual(declared.toSorted());
    const script = read('docker/create-secrets.sh');
    const made = [...matches(script, /> secrets\/(\w+)/g), 'app_url', 'auditor_url', 'sequencer_url'];
    expect(declared.toSorted()).toEqual(made.toSorted());
  });
});
