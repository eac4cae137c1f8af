import type { Loot } from '../population/loot.ts';
import { fieldsTold, personOf } from '../population/person.ts';
import type { Naming } from '../rows/row.ts';
import type { Accesses } from './accesses.ts';
import type { Impact } from './impact.ts';

/** Released by a purpose, and named so, whether or not the person has told any: said to be left out. */
const NAMED_THOUGH_EMPTY: ReadonlySet<string> = new Set(['usualName', 'documents']);

type Named = Pick<Impact, 'affected' | 'isLowerBound'> &
  Partial<Pick<Impact, 'accesses' | 'entries' | 'objections'>>;

/**
 * How exactly an incident names of whom which fields were really obtained, each person counted by themselves and by each
 * of their fields. A field that the person has told and that cannot be told apart from anybody else's is right where
 * anything of them was obtained; one that they have not told is wrong. Where it says itself that its fields are a lower
 * bound, those that it leaves out are not missed; whoever it leaves out is.
 * @param accesses how often and when it really was, where that is known
 */
export function namingOf(
  { affected, isLowerBound, accesses: named, entries, objections = [] }: Named,
  obtained: Loot,
  accesses?: Accesses,
): Naming {
  const counted = countedOf([...affected]);
  const taken = countedOf(Array.from(obtained.people, (person) => [person, obtained.fieldsOf(person)]));
  const untraced = countedOf(Array.from(obtained.people, (person) => [person, untracedOf(person)]));
  const missable = isLowerBound ? new Set(obtained.people) : taken;
  return {
    precision: partOf(counted, taken.union(untraced)),
    recall: partOf(missable, counted),
    tried: [
      ...(entries === undefined
        ? []
        : [
            `the ${entries} entries behind the incident, each with its proof, given to the standalone verifier`,
          ]),
      ...(accesses === undefined
        ? []
        : [`first, last and number of ${accesses.count} accesses, compared with what the incident says`]),
      ...emptyOnes(affected),
    ],
    breaches: [
      ...objections,
      ...(accesses === undefined || named === undefined ? [] : accesses.amiss(named)),
    ],
  };
}

/** Of two incidents together: as exact as the less exact one. */
export const bothNamings = (one: Naming, other: Naming): Naming => ({
  precision: Math.min(one.precision, other.precision),
  recall: Math.min(one.recall, other.recall),
  tried: [...one.tried, ...other.tried],
  breaches: [...one.breaches, ...other.breaches],
});

/** How many of all (person, field) that were obtained an incident names. */
export function fieldsNamed(
  { affected }: Pick<Impact, 'affected'>,
  obtained: Loot,
): readonly [number, number] {
  const taken = Array.from(obtained.people, (person) => [person, obtained.fieldsOf(person)] as const);
  const named = taken.flatMap(([person, fields]) => [
    ...fields.intersection(affected.get(person) ?? new Set()),
  ]);
  return [named.length, taken.flatMap(([, fields]) => [...fields]).length];
}

type Counted = ReadonlySet<number | string>;

/** Somebody who is none of the seeded people has a number below zero, and has told nothing. */
const isEmptyNamed = (person: number, field: string): boolean =>
  person >= 0 && NAMED_THOUGH_EMPTY.has(field) && !fieldsTold(person).has(field);

/** Named of people who have told no such thing, as the product does: in no figure, and said. */
function emptyOnes(affected: Impact['affected']): readonly string[] {
  const fields = [...affected].flatMap(([person, named]) =>
    [...named].filter((field) => isEmptyNamed(person, field)),
  );
  return Array.from(
    Map.groupBy(fields, (field) => field),
    ([field, { length }]) =>
      `${field} is named of ${length} candidate(s) who have told none, as what the purpose releases: left out of the precision`,
  );
}

/** What somebody has told that cannot be told apart from what anybody else has. */
const untracedOf = (person: number): ReadonlySet<string> =>
  fieldsTold(person).difference(new Set<string>(personOf(person).traces.keys()));

/** People by their numbers, and each of their fields. */
function countedOf(people: readonly (readonly [number, ReadonlySet<string>])[]): Counted {
  return new Set(
    people.flatMap(([person, fields]) => [
      person,
      ...[...fields].filter((field) => !isEmptyNamed(person, field)).map((field) => `${person} ${field}`),
    ]),
  );
}

const partOf = (some: Counted, others: Counted): number =>
  some.size === 0 ? 1 : some.intersection(others).size / some.size;
