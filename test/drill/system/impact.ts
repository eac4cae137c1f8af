import { setTimeout as pause } from 'node:timers/promises';
import type { Loot } from '../population/loot.ts';
import { TRACED_FIELDS, type TracedField } from '../population/words.ts';
import { personOf } from '../population/person.ts';
import type { Naming } from '../rows/row.ts';
import type { DrilledSystem } from './drilled-system.ts';

/** What an operator finds out with `sceau incident`. */
export interface Impact {
  readonly incident: string;
  /** Fields that can be traced, by the person's number. */
  readonly affected: ReadonlyMap<number, ReadonlySet<TracedField>>;
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
    const named = new Set(what.split(', '));
    const fields = TRACED_FIELDS.filter((field) => named.has(field));
    // Whoever is named and is nobody of ours counts against the precision, each by themselves.
    affected.set(people.get(pseudonym) ?? unknown, new Set(fields));
    if (!people.has(pseudonym)) unknown -= 1;
  }
  return { incident, affected, tookMs };
}

/** How exactly those are named of whom something was really obtained. */
export function namingOf({ affected }: Pick<Impact, 'affected'>, { people }: Loot): Naming {
  const right = [...affected.keys()].filter((person) => people.has(person)).length;
  return {
    precision: affected.size === 0 ? 1 : right / affected.size,
    recall: people.size === 0 ? 1 : right / people.size,
  };
}

/** People of whom other fields are named than were obtained, of those that can be told apart from anybody else's. */
export function wronglyNamed({ affected }: Pick<Impact, 'affected'>, obtained: Loot): readonly number[] {
  return [...affected].flatMap(([person, fields]) => {
    const really = obtained.fieldsOf(person);
    const { traces } = personOf(person);
    const differing = [...fields.symmetricDifference(really)].filter((field) => traces.has(field));
    return differing.length === 0 ? [] : [person];
  });
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
