import { Failure, systemCode } from '../kernel/errors.js';
import { EnvironmentError } from '../platform/config/environment.js';
import { PROBLEMS } from '../platform/http/problems.js';

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'ECONNRESET',
  'EAI_AGAIN',
]);
/** SQLSTATE of a refused password, an unknown role, an unknown database. */
const NOT_LET_IN = new Set(['28P01', '28000', '3D000']);
/** SQLSTATE insufficient_privilege. */
const NO_RIGHT = '42501';

/** What is wrong, in one sentence: a stack helps nobody at a command line, whose reader is an operator. */
export function explain(error: unknown): string {
  if (error instanceof EnvironmentError) return error.message;
  if (error instanceof Failure) return `sceau: ${describe(error)}`;
  return `sceau: ${sentenceOf(error)}`;
}

function sentenceOf(error: unknown): string {
  const code = systemCode(error) ?? '';
  if (UNREACHABLE.has(code)) return `the database cannot be reached (${code}). Check DATABASE_URL.`;
  if (NOT_LET_IN.has(code)) return `the database does not let us in (${code}). Check DATABASE_URL.`;
  const reason = error instanceof Error ? error.message : 'unknown fault';
  return code === NO_RIGHT
    ? `a role of the database lacks a right: ${reason}. Run sceau prepare with the DATABASE_URL of one that owns the database and may create roles.`
    : reason;
}

function describe(failure: Failure): string {
  const detail = typeof failure.detail === 'object' ? failure.detail.en : failure.detail;
  const fields = failure.fields.map(
    (field) => `\n  ${field.pointer}: ${typeof field.detail === 'object' ? field.detail.en : field.detail}`,
  );
  const reason = failure.privateDetail === undefined ? '' : ` [${failure.privateDetail}]`;
  return `${detail ?? PROBLEMS[failure.code].title.en}${reason} (${failure.code})${fields.join('')}`;
}
