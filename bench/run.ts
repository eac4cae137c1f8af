import { join } from 'node:path';
import { main } from './harness/runner.ts';

const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => controller.abort());

process.exitCode = await main(process.argv.slice(2), {
  folder: import.meta.dirname,
  results: join(import.meta.dirname, 'results'),
  signal: controller.signal,
  now: () => new Date(),
  print: (line) => process.stdout.write(`${line}\n`),
  complain: (line) => process.stderr.write(`${line}\n`),
  progress: (text) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
  },
});
