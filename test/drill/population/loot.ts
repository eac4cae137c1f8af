import type { TracedField } from './words.ts';

/** What somebody has obtained: which fields of which people, by their numbers. */
export class Loot {
  readonly #fields = new Map<number, Set<TracedField>>();

  add(person: number, field: TracedField): void {
    const fields = this.#fields.get(person) ?? new Set();
    this.#fields.set(person, fields.add(field));
  }

  addAll(other: Loot): void {
    for (const [person, fields] of other.#fields) for (const field of fields) this.add(person, field);
  }

  /** People of whom anything was obtained. */
  get people(): ReadonlySet<number> {
    return new Set(this.#fields.keys());
  }

  fieldsOf(person: number): ReadonlySet<TracedField> {
    return this.#fields.get(person) ?? new Set();
  }

  /** What of it is not allowed. */
  beyond(allowed: (person: number, field: TracedField) => boolean): Loot {
    const rest = new Loot();
    for (const [person, fields] of this.#fields)
      for (const field of fields) if (!allowed(person, field)) rest.add(person, field);
    return rest;
  }

  /** In a few words, such as `2 candidates: email, familyName`. */
  describe(): string {
    const fields = new Set([...this.#fields.values()].flatMap((own) => [...own]));
    return `${this.#fields.size} candidate(s): ${[...fields].toSorted().join(', ')}`;
  }
}
