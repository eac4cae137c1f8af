import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes the contract that the compiled application describes to openapi/openapi.json;
 * with --check, only compares and fails when they differ.
 */
const target = join(import.meta.dirname, '..', 'openapi', 'openapi.json');
const { contractOf } = await import(join(import.meta.dirname, '..', 'dist', 'contract.js'));
const contract = `${JSON.stringify(await contractOf(), null, 2)}\n`;

if (process.argv.includes('--check')) {
  const committed = await readFile(target, 'utf8').catch(() => '');
  if (committed !== contract) {
    process.stderr.write('openapi/openapi.json is not what the code describes. Run: npm run openapi\n');
    process.exit(1);
  }
  process.stdout.write('openapi/openapi.json is up to date.\n');
} else {
  await writeFile(target, contract);
  process.stdout.write('openapi/openapi.json written.\n');
}
