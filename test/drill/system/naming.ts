import type { Loot } from '../population/loot.ts';
import { personOf } from '../population/person.ts';
import type { TracedField } from '../population/words.ts';
import type { Naming } from '../rows/row.ts';
import type { Impact } from './impact.ts';

/**
 * How exactly an incident names of whom which fields were really obtained, each person counted by themselves and by each
 * of their fields that can be told apart from anybody else's. Where it says itself that its fields are a lower bound,
 * those that it leaves out are not missed; whoever it leaves out is.
 */
export function namingOf(
  { affected, isLowerBound }: Pick<Impact, 'affected' | 'isLowerBound'>,
  obtained: Loot,
): Naming {
  const named = countedOf([...affected]);
  const taken = countedOf(Array.from(obtained.people, (person) => [person, obtained.fieldsOf(person)]));
  const missable = isLowerBound ? new Set(obtained.people) : taken;
  return { precision: partOf(named, taken), recall: partOf(missable, named) };
}

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

/** People by their numbers, and each of their fields. */
function countedOf(people: readonly (readonly [number, ReadonlySet<TracedField>])[]): Counted {
  return new Set(
    people.flatMap(([person, fields]) => [
      person,
      // Somebody who is none of the seeded people has a number below zero, and no words of their own.
      ...[...fields]
        .filter((field) => person < 0 || personOf(person).traces.has(field))
        .map((field) => `${person} ${field}`),
    ]),
  );
}

const partOf = (some: Counted, others: Counted): number =>
  some.size === 0 ? 1 : some.intersection(others).size / some.size;
