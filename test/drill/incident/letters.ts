/**
 * Whom the letters about an incident went to, against whom it affects: each of them once, and nobody else.
 * @param recipients whose each letter was, by their numbers; `undefined` for somebody who is none of the seeded people
 * @returns how it differs, a sentence for each way
 */
export function lettersAmiss(
  affected: ReadonlySet<number>,
  recipients: readonly (number | undefined)[],
): readonly string[] {
  const letters = Map.groupBy(recipients, (person) => person);
  const isMeant = (person: number | undefined): boolean => person !== undefined && affected.has(person);
  const missed = [...affected].filter((person) => !letters.has(person)).length;
  const repeated = [...letters].filter(([person, { length }]) => isMeant(person) && length > 1).length;
  const astray = recipients.filter((person) => !isMeant(person)).length;
  return [
    ...(missed === 0 ? [] : [`${missed} of ${affected.size} affected were not written to.`]),
    ...(repeated === 0 ? [] : [`${repeated} of ${affected.size} affected were written to more than once.`]),
    ...(astray === 0 ? [] : [`${astray} letter(s) went to somebody who is not affected.`]),
  ];
}
