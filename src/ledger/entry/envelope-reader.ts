import type { Envelope } from './entry.js';
import {
  COUNT,
  DIGEST,
  INTRODUCTION,
  isObject,
  members,
  MOMENT,
  NUMBER,
  optional,
  readJson,
  REFERENCE,
  text,
  UUID,
  whole,
  WORD,
} from './shape.js';
import type { SubjectRecord } from './subject-record.js';

const ORIGIN = text(/^[\w-]{1,128}$/);

const ENVELOPE = members({
  id: UUID,
  at: MOMENT,
  action: WORD,
  outcome: WORD,
  reason: optional(WORD),
  actor: members({ kind: WORD, id: optional(REFERENCE) }),
  client: optional(UUID),
  agency: optional(UUID),
  session: optional(UUID),
  key: optional(DIGEST),
  resource: members({ type: WORD, id: optional(REFERENCE) }),
  purpose: optional(WORD),
  requestId: UUID,
  origin: members({ address: ORIGIN, network: ORIGIN }),
  count: whole(0, 2 ** 31 - 1),
  subjectsRoot: DIGEST,
  writer: UUID,
  n: NUMBER,
  previous: optional(DIGEST),
  introduces: optional(INTRODUCTION),
  cites: optional(members({ origin: REFERENCE, size: COUNT, root: DIGEST })),
});

const isEnvelope = (value: unknown): value is Envelope => ENVELOPE(value);

/** @returns `undefined` for bytes that no writer of ours can have written */
export function readEnvelope(bytes: Buffer): Envelope | undefined {
  return readJson(bytes, isEnvelope);
}

const RECORD = members({
  nonce: text(/^[\w-]{22}$/),
  subject: UUID,
  application: optional(UUID),
  fields: (value) => Array.isArray(value) && value.every(REFERENCE),
});

const isRecord = (value: unknown): value is SubjectRecord => isObject(value) && RECORD(value);

/** Whether these bytes are a subject's record, and of whom. @returns the subject's reference */
export function readSubject(bytes: Buffer): string | undefined {
  return readJson(bytes, isRecord)?.subject;
}
