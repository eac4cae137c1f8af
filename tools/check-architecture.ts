import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { allExtensions, cruise, type IViolation } from 'dependency-cruiser';
import extractConfiguration from 'dependency-cruiser/config-utl/extract-depcruise-config';

const RULES = resolve(import.meta.dirname, '../.dependency-cruiser.mjs');
/** What is looked at, below the root of the repository. */
const FOLDERS = ['src', 'migrations'];

interface Report {
  readonly modules: number;
  readonly dependencies: number;
  /** One readable line for each broken rule. */
  readonly violations: readonly string[];
}

/**
 * Holds the imports below a folder against the rules of `.dependency-cruiser.mjs`.
 * @throws Error when nothing was looked at: no compiler, no modules or no dependencies is not "no violations"
 */
async function checkArchitecture(root: string): Promise<Report> {
  if (!allExtensions.some(({ extension, available }) => extension === '.ts' && available))
    throw new Error('dependency-cruiser cannot read TypeScript with the installed compiler.');
  const { forbidden = [], options } = await extractConfiguration(RULES);
  if (forbidden.length === 0) throw new Error('There are no rules to check.');

  const { output } = await cruise(FOLDERS, {
    ...options,
    ruleSet: { forbidden },
    validate: true,
    baseDir: root,
  });
  if (typeof output === 'string') throw new Error('dependency-cruiser gave no result to count.');

  const own = output.modules.filter(({ source }) =>
    FOLDERS.some((folder) => source.startsWith(`${folder}/`)),
  );
  const dependencies = own.reduce((sum, module) => sum + module.dependencies.length, 0);
  if (own.length === 0 || dependencies === 0)
    throw new Error(`Nothing was checked: ${own.length} modules, ${dependencies} dependencies.`);

  const reasons = new Map(forbidden.map(({ name, comment }) => [name, comment]));
  const violations = output.summary.violations.map(
    (violation) => `${violation.rule.name}: ${where(violation)} (${reasons.get(violation.rule.name)})`,
  );
  return { modules: own.length, dependencies, violations };
}

function where({ from, to, cycle }: IViolation): string {
  if (cycle && cycle.length > 0) return [from, ...cycle.map(({ name }) => name)].join(' -> ');
  return from === to ? from : `${from} -> ${to}`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const { modules, dependencies, violations } = await checkArchitecture(resolve(process.argv[2] ?? '.'));
    for (const violation of violations) console.error(violation);
    console.log(`${modules} modules, ${dependencies} dependencies, ${violations.length} violations`);
    process.exitCode = violations.length === 0 ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  }
}
