/** Our own SQL up to the value, the value, and what closes it. Left out when the value is `undefined`. */
export type Condition = readonly [before: string, value: string | number | Date | undefined, after?: string];

/** Joins conditions; values go as parameters only. */
export function whereOf(conditions: readonly Condition[]): {
  text: string;
  values: (string | number | Date)[];
} {
  const values: (string | number | Date)[] = [];
  const parts = conditions.flatMap(([before, value, after = '']) => {
    if (value === undefined) return [];
    values.push(value);
    return [`${before} $${values.length}${after}`];
  });
  return { text: parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, values };
}
