import type { Given } from './proven-entries.ts';

/** One answer that gave something of somebody, in milliseconds since 1970. */
interface Access {
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** What the attacker has really done: how often each person was given away, and between which moments. */
export class Accesses {
  readonly #accesses = new Map<number, Access[]>();

  /** @param people of whom an answer gave something, each by their number */
  add(people: Iterable<number>, askedAt: number, answeredAt: number): void {
    for (const person of people) {
      const own = this.#accesses.get(person) ?? [];
      own.push({ askedAt, answeredAt });
      this.#accesses.set(person, own);
    }
  }

  get count(): number {
    return [...this.#accesses.values()].flat().length;
  }

  /**
   * Against whom, how often and when an incident names.
   * @param named by the person's number
   * @returns how it differs, a sentence for each way
   */
  amiss(named: ReadonlyMap<number, Pick<Given, 'entries' | 'first' | 'last'>>): readonly string[] {
    const people = [...named].flatMap(([person, given]) => {
      const own = this.#accesses.get(person);
      return own === undefined ? [] : [{ given, own }];
    });
    const miscounted = people.filter(({ given, own }) => given.entries !== own.length);
    const misdated = people.filter(({ given, own }) => !isWithin(given, own));
    const [one] = miscounted;
    return [
      ...(one === undefined
        ? []
        : [
            `Of ${miscounted.length} candidates the number of accesses is wrong, such as ${one.given.entries} for ${one.own.length}.`,
          ]),
      ...(misdated.length === 0
        ? []
        : [`Of ${misdated.length} candidates the first or the last access is dated wrongly.`]),
    ];
  }
}

/** An access is recorded between its question and its answer, in whichever order several at once are. */
function isWithin({ first, last }: Pick<Given, 'first' | 'last'>, own: readonly Access[]): boolean {
  const asked = own.map(({ askedAt }) => askedAt);
  const answered = own.map(({ answeredAt }) => answeredAt);
  return (
    first >= Math.min(...asked) &&
    first <= Math.min(...answered) &&
    last >= Math.max(...asked) &&
    last <= Math.max(...answered)
  );
}
