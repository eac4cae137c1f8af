import { setTimeout as pause } from 'node:timers/promises';
import { passwordAlone } from '../rows/a0.ts';
import { steal } from '../rows/theft.ts';
import type { DrilledSystem } from '../system/drilled-system.ts';
import { lettersAmiss } from './letters.ts';
import { ownHistories } from './own-histories.ts';

/** As it was reported: docs/threat-model.md. */
export const REAL = {
  candidates: 377_418,
  exposed: 377_418,
  noticed: '7 days',
  told: '19 days',
  named: 'nobody: everyone registered was written to',
} as const;

const POLL_MS = 100;
const PATIENCE_MS = 300_000;

export interface IncidentOutcome {
  readonly candidates: number;
  readonly applicants: number;
  readonly tried: readonly string[];
  readonly exposed: number;
  readonly noticedAfterMs: number | null;
  readonly operatorsToldAfterMs: number | null;
  readonly affectedToldAfterMs: number | null;
  readonly precision: number;
  readonly recall: number;
  readonly breaches: readonly string[];
}

/** The public incident once more: a manager's password, then a live credential of that agency, at full speed. */
export async function replay(system: DrilledSystem): Promise<IncidentOutcome> {
  const [agency] = system.population.agencies;
  const since = new Date();
  const password = await passwordAlone(system);
  const theft = await steal(system, agency, 'single');
  const operatorsToldAfterMs = theft.noticedAfterMs;
  const letters = await tellAffected(system, theft.impact.incident);
  const amiss = lettersAmiss(new Set(theft.impact.affected.keys()), letters.recipients);
  const histories = await ownHistories(system, theft.impact);
  const affectedToldAfterMs = amiss.length === 0 ? letters.lastAt - since.getTime() : null;
  const attempts = [...password, ...theft.attempts];
  return {
    candidates: system.population.candidates.length,
    applicants: agency.applicants.length,
    tried: [...attempts.map(({ tried }) => tried), histories.tried, ...theft.naming.tried],
    exposed: theft.exposed,
    noticedAfterMs: theft.alertedAfterMs,
    operatorsToldAfterMs,
    affectedToldAfterMs,
    precision: theft.naming.precision,
    recall: theft.naming.recall,
    breaches: [
      ...attempts.flatMap(({ breaches }) => breaches),
      ...histories.breaches,
      ...theft.naming.breaches,
      ...(theft.naming.precision < 1 || theft.naming.recall < 1
        ? ['Those affected are not named exactly.']
        : []),
      ...(operatorsToldAfterMs === null ? ['No operator was told.'] : []),
      ...amiss,
    ],
  };
}

interface Letters {
  /** Whose each is: `lettersAmiss`. */
  readonly recipients: readonly (number | undefined)[];
  /** When no mail waited any more, in milliseconds since 1970. */
  readonly lastAt: number;
}

/** Has everybody affected written to, and waits until the last letter is out: one too many would be no sooner there. */
async function tellAffected(system: DrilledSystem, incident: string): Promise<Letters> {
  const { mailbox, search } = system;
  const earlier = await waitingMails(system);
  const { code, output } = await system.command('incident', 'notify', incident);
  if (code !== 0) throw new Error(`Nobody is written to: ${output}`);
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const waiting = await waitingMails(system);
    if (waiting.isSubsetOf(earlier)) break;
    await pause(POLL_MS);
  }
  const lastAt = Date.now();
  const about = (await mailbox.all()).filter(({ text }) => text.includes(incident));
  const recipients = about.flatMap(({ to }) => {
    const people = [...search.inText(to).people];
    return people.length === 0 ? [undefined] : people;
  });
  return { recipients, lastAt };
}

/** Those that another row has left there wait for ever. */
async function waitingMails({ database }: DrilledSystem): Promise<ReadonlySet<string>> {
  const rows = await database.query<{ id: string }>('SELECT id::text AS id FROM platform.outgoing_mail');
  return new Set(rows.map(({ id }) => id));
}

const spoken = (milliseconds: number | null): string =>
  milliseconds === null ? 'never' : `${(milliseconds / 1_000).toFixed(1)} s`;

/** Beside what really happened. */
export function printedIncident(outcome: IncidentOutcome): string {
  const { candidates, applicants, exposed, precision, recall, breaches } = outcome;
  const rows = [
    ['', 'the incident', 'here'],
    ['candidates on the platform', REAL.candidates.toLocaleString('en'), candidates.toLocaleString('en')],
    ['who applied to the agency', 'not reported', applicants.toLocaleString('en')],
    ['exposed', REAL.exposed.toLocaleString('en'), exposed.toLocaleString('en')],
    [
      'noticed after',
      REAL.noticed,
      `${spoken(outcome.noticedAfterMs)}, operators told by mail and webhook after ${spoken(outcome.operatorsToldAfterMs)}`,
    ],
    ['those affected told after', REAL.told, `${spoken(outcome.affectedToldAfterMs)}, if ordered at once`],
    ['named', REAL.named, `precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`],
  ];
  const widths = [0, 1].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const table = rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('   ')
      .trimEnd(),
  );
  return [
    ...outcome.tried.map((sentence) => `- ${sentence}`),
    '',
    ...table,
    '',
    ...(breaches.length === 0 ? ['The promise holds.'] : breaches.map((sentence) => `BREACH   ${sentence}`)),
    '',
  ].join('\n');
}
