/** What a value read from JSON must be like. */
export type Rule = (value: unknown) => boolean;

export const text =
  (pattern: RegExp): Rule =>
  (value) =>
    typeof value === 'string' && pattern.test(value);

export const whole =
  (least: number, most: number): Rule =>
  (value) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most;

/** Fits whatever the rule fits, and an absent member. */
export const optional =
  (rule: Rule): Rule =>
  (value) =>
    value === undefined || rule(value);

/** Members that are not named here are let be: a newer process may write more. */
export const members = (rules: Readonly<Record<string, Rule>>): Rule => {
  const named = Object.entries(rules);
  return (value) => isObject(value) && named.every(([name, rule]) => rule(value[name]));
};

export const flag: Rule = (value) => typeof value === 'boolean';

export const UUID = text(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
export const WORD = text(/^[a-z][a-z0-9_.]{0,63}$/);
export const REFERENCE = text(/^[\x21-\x7e]{1,128}$/);
/** SHA-256, or a raw Ed25519 key, in base64url. */
export const DIGEST = text(/^[\w-]{43}$/);
export const COUNT = whole(0, Number.MAX_SAFE_INTEGER);
export const NUMBER = whole(1, Number.MAX_SAFE_INTEGER);

const INSTANT = text(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
export const MOMENT: Rule = (value) => INSTANT(value) && !Number.isNaN(Date.parse(String(value)));

/** How a writer makes itself known. */
export const INTRODUCTION = members({
  writer: UUID,
  stream: (value) => value === 'reads' || value === 'changes',
  key: DIGEST,
  mark: text(/^.{1,128}$/),
});

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns the value that these bytes are in JSON, if they are any and fit */
export function readJson<T>(bytes: Buffer, fits: (value: unknown) => value is T): T | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return fits(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
