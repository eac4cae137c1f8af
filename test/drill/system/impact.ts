import { setTimeout as pause } from 'node:timers/promises';
import { fieldsTold } from '../population/person.ts';
import type { DrilledSystem } from './drilled-system.ts';
import { type Given, type ProvenEntries, provenEntries } from './proven-entries.ts';

/** What an operator finds out with `sceau incident`. */
export interface Impact {
  readonly incident: string;
  /** The fields that it names, by the person's number; below zero for somebody who is none of ours. */
  readonly affected: ReadonlyMap<number, ReadonlySet<string>>;
  /** How often and when, by the person's number. */
  readonly accesses: ReadonlyMap<number, Omit<Given, 'fields'>>;
  /** Whether it says so itself: more may have been seen than is named. */
  readonly isLowerBound: boolean;
  /** From the first command to the last line of the list. */
  readonly tookMs: number;
  /** How many entries it rests on, each with a proof. */
  readonly entries: number;
  /** What is wrong with these proofs, or with the list beside them, a sentence each. */
  readonly objections: readonly string[];
}

const AFFECTED = /^([0-9a-f-]{36}) {2}(\d+)× {2}(\S+) – (\S+) {2}(.+?)(?: {2}canary)?$/gm;
const EVERYTHING = 'everything held';

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
  const listed = listedIn(out);
  const proven = await provenEntries(system, incident);
  const people = await peopleByPseudonym(system);
  const affected = new Map<number, ReadonlySet<string>>();
  const accesses = new Map<number, Given>();
  let unknown = -1;
  for (const [pseudonym, given] of listed) {
    // Whoever is named and is nobody of ours counts against the precision, each by themselves.
    const person = people.get(pseudonym) ?? unknown;
    if (!people.has(pseudonym)) unknown -= 1;
    accesses.set(person, given);
    affected.set(person, fieldsNamed(person, given.fields));
  }
  return {
    incident,
    affected,
    accesses,
    isLowerBound: out.startsWith('At least '),
    tookMs,
    entries: proven.count,
    objections: [...proven.objections, ...differences(listed, proven)],
  };
}

function listedIn(out: string): ReadonlyMap<string, Given> {
  return new Map(
    Array.from(out.matchAll(AFFECTED), ([, pseudonym = '', entries, first = '', last = '', what = '']) => [
      pseudonym,
      {
        entries: Number(entries),
        first: Date.parse(first),
        last: Date.parse(last),
        fields: new Set(what === EVERYTHING ? [] : what.split(', ')),
      },
    ]),
  );
}

/** Between the list, which a person reads, and the entries that prove it. */
function differences(listed: ReadonlyMap<string, Given>, { given }: ProvenEntries): readonly string[] {
  const pseudonyms = new Set([...listed.keys(), ...given.keys()]);
  const differing = [...pseudonyms].filter((pseudonym) => {
    const [one, other] = [listed.get(pseudonym), given.get(pseudonym)];
    if (one === undefined || other === undefined) return true;
    const isNamed = one.fields.size === 0 || one.fields.symmetricDifference(other.fields).size === 0;
    return !isNamed || one.entries !== other.entries || one.first !== other.first || one.last !== other.last;
  });
  return differing.length === 0
    ? []
    : [`The list says otherwise than the proven entries of ${differing.length} candidate(s).`];
}

/** Fields that the ledger names as one. */
const TOGETHER: ReadonlyMap<string, readonly string[]> = new Map([
  ['identity', ['givenName', 'familyName', 'birthDate', 'birthPlace', 'nationality']],
  ['contact', ['email', 'telephone']],
  ['document', ['documents']],
]);

/** @param fields none of them for everything that is held of the person */
function fieldsNamed(person: number, fields: ReadonlySet<string>): ReadonlySet<string> {
  if (fields.size === 0) return person < 0 ? new Set([EVERYTHING]) : fieldsTold(person);
  return new Set([...fields].flatMap((name) => TOGETHER.get(name) ?? [name]));
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
