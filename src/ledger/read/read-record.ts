import type { SubjectRecord } from '../entry/subject-record.js';

const isText = (value: unknown): value is string => typeof value === 'string';

function isRecord(value: unknown): value is SubjectRecord {
  if (typeof value !== 'object' || value === null) return false;
  if (!('nonce' in value && 'subject' in value && 'fields' in value)) return false;
  const { nonce, subject, fields } = value;
  const hasApplication = !('application' in value) || isText(value.application);
  return isText(nonce) && isText(subject) && Array.isArray(fields) && fields.every(isText) && hasApplication;
}

/** @returns `undefined` for bytes that are no subject's record */
export function readRecord(bytes: Buffer): SubjectRecord | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
