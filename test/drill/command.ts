import { parseArgs } from 'node:util';
import { withProgress } from '../../src/cli/progress.js';
import { playRows } from './drill.ts';
import { populateIncident } from './incident/population.ts';
import { printedIncident, REAL, replay } from './incident/incident.ts';
import { durations, durationTable } from './report/duration-table.ts';
import { printed } from './report/print.ts';
import { ROWS } from './rows/index.ts';
import { startSystem } from './system/drilled-system.ts';

const USUAL = 1_000;
const SIZES = { least: 120, most: 10_000, usual: USUAL } as const;
const INCIDENT_SIZES = { least: 12_000, most: 1_000_000, usual: REAL.candidates } as const;

const HELP = `Usage: npm run drill [-- OPTIONS]

Plays every row of docs/threat-model.md against the product, running and full of people, and says what each attacker
got. Ends with 0 when every promise holds, with 1 when one is broken.

  --incident       the public incident instead, at its real size and beside its real figures: a quarter of an hour
  --candidates N   how many people there are, 120 to 10,000 (${USUAL}); with --incident 12,000 to 1,000,000 (${REAL.candidates})
  --row ID         only this row, such as A3; may be given several times
  --json           the report as JSON on standard output; with npm run -s drill, and nothing before it
  --help           this text
`;

interface Wish {
  readonly candidates: number;
  readonly rows: readonly string[];
  readonly isIncident: boolean;
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
    return await (wish.isIncident ? drillIncident(wish) : drill(wish));
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
    const table = chosen.some(({ id }) => id === 'A4') ? durations() : [];
    const report = { rows: outcomes, ...(table.length === 0 ? {} : { wholeDatabase: table }) };
    process.stdout.write(json ? asJson(report) : printed(outcomes));
    if (!json && table.length > 0) process.stdout.write(`\n${durationTable(table)}`);
    return outcomes.every(({ holds }) => holds) ? 0 : 1;
  } finally {
    await system.stop();
  }
}

async function drillIncident({ candidates, json }: Wish): Promise<number> {
  const system = await withProgress('Seeding candidates', process.stderr, (report) =>
    startSystem({ candidates, report, isPatient: true, populate: populateIncident }),
  );
  try {
    const outcome = await replay(system);
    process.stdout.write(json ? asJson({ real: REAL, drilled: outcome }) : printedIncident(outcome));
    return outcome.breaches.length === 0 ? 0 : 1;
  } finally {
    await system.stop();
  }
}

const asJson = (report: object): string => `${JSON.stringify(report, undefined, 2)}\n`;

/** @returns what is wanted, or what to say instead */
function read(words: readonly string[]): Wish | string {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        candidates: { type: 'string' },
        incident: { type: 'boolean', default: false },
        row: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return HELP;
    const { least, most, usual } = values.incident ? INCIDENT_SIZES : SIZES;
    const candidates = Number(values.candidates ?? usual);
    if (!Number.isInteger(candidates) || candidates < least || candidates > most)
      return `The number of candidates must be a whole number from ${least} to ${most}.\n`;
    const unknown = values.row.find((id) => !ROWS.some((row) => row.id === id));
    if (unknown !== undefined) return `There is no row ${unknown}.\n`;
    return { candidates, rows: values.row, isIncident: values.incident, json: values.json };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n`;
  }
}
