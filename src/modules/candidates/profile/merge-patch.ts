/** Changes to a `T`: a member that is left out stays, `null` removes it, a list is replaced as a whole. */
export type MergePatch<T> = {
  readonly [Key in keyof T]?: (NonNullable<T[Key]> extends infer Value ? PatchOf<Value> : never) | null;
};

type PatchOf<Value> = Value extends readonly unknown[]
  ? Value
  : Value extends object
    ? MergePatch<Value>
    : Value;

/** JSON Merge Patch: the algorithm of RFC 7396 §2. The target stays as it is; the result shares nothing with the patch. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return structuredClone(patch);
  const members = new Map<string, unknown>(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) members.delete(name);
    else members.set(name, mergePatch(members.get(name), value));
  }
  // Unlike assignment, this makes an ordinary member even of `__proto__`.
  return Object.fromEntries(members);
}

/** Applies changes to a value whose every member may be absent. */
export function patched<T extends object>(target: Partial<T>, patch: MergePatch<T>): Partial<T> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the patch has members of T only, each of its type
  return mergePatch(target, patch) as Partial<T>;
}

/** A `T` as it comes from outside: a member that may be absent may also say `null`. */
export type Nullable<T> = {
  readonly [Key in keyof T]: undefined extends T[Key] ? T[Key] | null : T[Key];
};

/** Leaves out the members that say `null`. */
export function withoutNulls<T extends object>(value: Nullable<T>): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only members that may be absent can say `null`
  return mergePatch({}, value) as T;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
