import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './launch.mjs';

/** Runs every `check:…` of package.json at once, shows what each says in one piece, and fails when one of them does. */
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const checks = Object.keys(scripts).filter((name) => name.startsWith('check:'));

function run(check) {
  const child = spawn('npm', ['run', '--silent', check], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk));
  return new Promise((resolve) => {
    child.on('error', (error) => said.push(Buffer.from(`${error.message}\n`)));
    child.on('close', (code) => {
      process.stdout.write(
        `-- ${check}: ${code === 0 ? 'passed' : 'FAILED'}\n${Buffer.concat(said).toString()}`,
      );
      resolve(code === 0 ? [] : [check]);
    });
  });
}

const failed = (await Promise.all(checks.map(run))).flat();
if (failed.length > 0) {
  process.stderr.write(`Failed: ${failed.join(', ')}\n`);
  process.exitCode = 1;
}
