import { setTimeout as pause } from 'node:timers/promises';
import { TRACED_FIELDS, type TracedField } from '../population/words.ts';
import type { DrilledSystem } from './drilled-system.ts';

/** What an operator finds out with `sceau incident`. */
export interface Impact {
  readonly incident: string;
  /** Fields that can be traced, by the person's number. */
  readonly affected: ReadonlyMap<number, ReadonlySet<TracedField>>;
  /** Whether it says so itself: more may have been seen than is named. */
  readonly isLowerBound: boolean;
  /** From the first command to the last line of the list. */
  readonly tookMs: number;
}

const AFFECTED = /^([0-9a-f-]{36}) {2}\d+× {2}\S+ – \S+ {2}(.+?)(?: {2}canary)?$/gm;

/** Opens an incident from what is known, and asks whom it affects. @param criteria as the command has them */
export async function askImpact(system: DrilledSystem, ...criteria: readonly string[]): Promise<Impact> {
  await everythingSequenced(system);
  const begun = performance.now();
  const opened = await system.command('incident', 'open', '--title', 'Exercice', ...criteria);
  const incident = /Incident opened: (\S+)/.exec(opened.out)?.[1];
  if (incident === undefined) throw new Error(`No incident was opened: ${opened.output}`);
  const { code, out, output } = await system.command('incident', 'impact', incident, '--list');
  if (code !== 0) throw new Error(`No impact is known: ${output}`);
  const tookMs = Math.round(performance.now() - begun);
  const people = await peopleByPseudonym(system);
  const affected = new Map<number, ReadonlySet<TracedField>>();
  let unknown = -1;
  for (const [, pseudonym = '', what = ''] of out.matchAll(AFFECTED)) {
    // Whoever is named and is nobody of ours counts against the precision, each by themselves.
    affected.set(people.get(pseudonym) ?? unknown, fieldsNamed(what));
    if (!people.has(pseudonym)) unknown -= 1;
  }
  return { incident, affected, isLowerBound: out.startsWith('At least '), tookMs };
}

/** Fields that the ledger names as one. */
const TOGETHER: ReadonlyMap<string, readonly string[]> = new Map([
  ['identity', ['givenName', 'familyName', 'birthDate', 'birthPlace']],
  ['contact', ['email', 'telephone']],
  ['document', ['documents']],
  ['everything held', TRACED_FIELDS.filter((field) => field !== 'password' && field !== 'totpSecret')],
]);

function fieldsNamed(what: string): ReadonlySet<TracedField> {
  const named = new Set(what.split(', ').flatMap((name) => TOGETHER.get(name) ?? [name]));
  return new Set(TRACED_FIELDS.filter((field) => named.has(field)));
}

/** The list is asked of the signed tree: what is on its way to it has to arrive first. */
async function everythingSequenced({ database }: DrilledSystem): Promise<void> {
  const before = new Date();
  for (;;) {
    const [row] = await database.query<{ waits: boolean }>(
      `SELECT EXISTS (SELECT FROM audit.staging
                      WHERE (convert_from(envelope, 'UTF8')::jsonb->>'at')::timestamptz <= $1) AS waits`,
      [before],
    );
    if (row?.waits !== true) return;
    await pause(20);
  }
}

async function peopleByPseudonym({
  database,
  population,
}: DrilledSystem): Promise<ReadonlyMap<string, number>> {
  const rows = await database.query<{ reference: string; id: string }>(
    'SELECT reference::text AS reference, candidate_id::text AS id FROM audit.subject_reference',
  );
  const numbers = new Map<string, number>(population.candidates.map(({ id, person }) => [id, person]));
  return new Map(
    rows.flatMap(({ reference, id }) => {
      const person = numbers.get(id);
      return person === undefined ? [] : [[reference, person]];
    }),
  );
}
