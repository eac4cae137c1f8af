import { join } from 'node:path';
import { main } from './harness/runner.ts';

const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => controller.abort());

/** Milliseconds between two lines where none can be replaced, so that a log of hours stays short. */
const LINE_EVERY = 10_000;
let nextLineAt = 0;

/** On a terminal one line that changes; else a line from time to time, from which one sees that it goes on. */
function progress(text: string): void {
  if (process.stderr.isTTY) {
    process.stderr.write(`\r\u001B[K${text}`);
  } else if (text !== '' && performance.now() >= nextLineAt) {
    nextLineAt = performance.now() + LINE_EVERY;
    process.stderr.write(`${text}\n`);
  }
}

process.exitCode = await main(process.argv.slice(2), {
  folder: import.meta.dirname,
  results: join(import.meta.dirname, 'results'),
  signal: controller.signal,
  now: () => new Date(),
  print: (line) => process.stdout.write(`${line}\n`),
  complain: (line) => process.stderr.write(`${line}\n`),
  progress,
});
