import { SingleBar } from 'cli-progress';
import type { Report } from '../sealing/index.js';

/** Lines per run where nobody watches: enough to see that it goes on, not a log of its own. */
const STEPS = 10;

interface Output {
  readonly isTTY?: boolean;
  write(text: string): boolean;
}

/** Shows how far something has come: a bar on a terminal, a line per tenth elsewhere. */
export async function withProgress<T>(
  what: string,
  output: NodeJS.WriteStream,
  work: (report: Report) => Promise<T>,
): Promise<T> {
  if (!output.isTTY) return work(inLines(what, output));
  const bar = new SingleBar({
    format: `${what}  {bar}  {percentage} %  {value}/{total}  {eta_formatted} left`,
    hideCursor: true,
    stream: output,
  });
  bar.start(0, 0);
  try {
    return await work((done, total) => {
      bar.setTotal(total);
      bar.update(done);
    });
  } finally {
    bar.stop();
  }
}

/** A line at the beginning, at each tenth and at the end. */
export function inLines(what: string, output: Output): Report {
  let reached: number | undefined;
  return (done, total) => {
    const step = total === 0 ? STEPS : Math.floor((done * STEPS) / total);
    if (step === reached) return;
    reached = step;
    output.write(`${what}: ${done} of ${total}\n`);
  };
}
