import { parseArgs } from 'node:util';
import { withProgress } from '../../src/cli/progress.js';
import { playRows } from './drill.ts';
import { printed } from './report/print.ts';
import { ROWS } from './rows/index.ts';
import { startSystem } from './system/drilled-system.ts';

const USUAL = 1_000;

const HELP = `Usage: npm run drill [-- OPTIONS]

Plays every row of docs/threat-model.md against the product, running and full of people, and says what each attacker
got. Ends with 0 when every promise holds, with 1 when one is broken.

  --candidates N   how many people there are, 120 to 10,000 (${USUAL})
  --row ID         only this row, such as A3; may be given several times
  --json           the report as JSON on standard output
  --help           this text
`;

interface Wish {
  readonly candidates: number;
  readonly rows: readonly string[];
  readonly json: boolean;
}

/** The PostgreSQL that the drill has to itself. */
export interface Cluster {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** @returns the exit code */
export async function main(words: readonly string[], cluster: Cluster): Promise<number> {
  const wish = read(words);
  if (typeof wish === 'string') {
    const isHelp = wish === HELP;
    (isHelp ? process.stdout : process.stderr).write(wish);
    return isHelp ? 0 : 2;
  }
  await cluster.start();
  try {
    return await drill(wish);
  } finally {
    await cluster.stop();
  }
}

async function drill({ candidates, rows, json }: Wish): Promise<number> {
  const system = await withProgress('Seeding candidates', process.stderr, (report) =>
    startSystem({ candidates, report, isPatient: true }),
  );
  try {
    const chosen = ROWS.filter(({ id }) => rows.length === 0 || rows.includes(id));
    const outcomes = await playRows(system, chosen, ({ id, holds }) => {
      process.stderr.write(`${id} ${holds ? 'holds' : 'is broken'}\n`);
    });
    process.stdout.write(json ? `${JSON.stringify({ rows: outcomes }, undefined, 2)}\n` : printed(outcomes));
    return outcomes.every(({ holds }) => holds) ? 0 : 1;
  } finally {
    await system.stop();
  }
}

/** @returns what is wanted, or what to say instead */
function read(words: readonly string[]): Wish | string {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        candidates: { type: 'string', default: String(USUAL) },
        row: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const candidates = Number(values.candidates);
    if (values.help) return HELP;
    if (!Number.isInteger(candidates) || candidates < 120 || candidates > 10_000)
      return 'The number of candidates must be a whole number from 120 to 10000.\n';
    const unknown = values.row.find((id) => !ROWS.some((row) => row.id === id));
    if (unknown !== undefined) return `There is no row ${unknown}.\n`;
    return { candidates, rows: values.row, json: values.json };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n`;
  }
}
