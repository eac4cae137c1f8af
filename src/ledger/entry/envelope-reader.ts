import type { Envelope } from './entry.js';

type Rule = (value: unknown) => boolean;

const text =
  (pattern: RegExp): Rule =>
  (value) =>
    typeof value === 'string' && pattern.test(value);

const whole =
  (least: number, most: number): Rule =>
  (value) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most;

/** Fits whatever the rule fits, and an absent member. */
const optional =
  (rule: Rule): Rule =>
  (value) =>
    value === undefined || rule(value);

/** Members that are not named here are let be: a newer process may write more. */
const members =
  (rules: Readonly<Record<string, Rule>>): Rule =>
  (value) =>
    isObject(value) && Object.entries(rules).every(([name, rule]) => rule(value[name]));

const UUID = text(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const WORD = text(/^[a-z][a-z0-9_.]{0,63}$/);
const REFERENCE = text(/^[\x21-\x7e]{1,128}$/);
const DIGEST = text(/^[\w-]{43}$/);
const MOMENT = text(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
const ORIGIN = text(/^[\w-]{1,128}$/);

const ENVELOPE = members({
  id: UUID,
  at: (value) => MOMENT(value) && !Number.isNaN(Date.parse(String(value))),
  action: WORD,
  outcome: WORD,
  reason: optional(WORD),
  actor: members({ kind: WORD, id: optional(REFERENCE) }),
  client: optional(UUID),
  agency: optional(UUID),
  session: optional(UUID),
  resource: members({ type: WORD, id: optional(REFERENCE) }),
  purpose: optional(WORD),
  requestId: UUID,
  origin: members({ address: ORIGIN, network: ORIGIN }),
  count: whole(0, 2 ** 31 - 1),
  subjectsRoot: DIGEST,
  writer: UUID,
  n: whole(1, Number.MAX_SAFE_INTEGER),
  previous: optional(DIGEST),
  introduces: optional(
    members({
      writer: UUID,
      stream: (value) => value === 'reads' || value === 'changes',
      key: DIGEST,
      mark: text(/^.{1,128}$/),
    }),
  ),
});

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isEnvelope = (value: unknown): value is Envelope => ENVELOPE(value);

/** @returns `undefined` for bytes that no writer of ours can have written */
export function readEnvelope(bytes: Buffer): Envelope | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return isEnvelope(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const RECORD = members({
  nonce: text(/^[\w-]{22}$/),
  subject: UUID,
  application: optional(UUID),
  fields: (value) => Array.isArray(value) && value.every(REFERENCE),
});

/** Whether these bytes are a subject's record, and of whom. @returns the subject's reference */
export function readSubject(bytes: Buffer): string | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return RECORD(value) && isObject(value) ? String(value['subject']) : undefined;
  } catch {
    return undefined;
  }
}
