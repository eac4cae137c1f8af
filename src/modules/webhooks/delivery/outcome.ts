import type { DestinationRefusal } from '../../../platform/outbound/destinations.js';
import type { PostOutcome } from '../../../platform/outbound/https-posts.js';
import { retryAfterOf } from '../retry-after.js';

/** How attempts end, and why a delivery ends without one. */
export const OUTCOMES = [
  'delivered',
  'status_refused',
  'gone',
  'redirected',
  'timed_out',
  'unreachable',
  'certificate_refused',
  'answer_refused',
  'url_not_allowed',
  'host_unknown',
  'address_not_allowed',
  'endpoint_off',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface AttemptResult {
  readonly outcome: Outcome;
  /** What the receiver answered with. */
  readonly httpStatus: number | null;
  /** How long the receiver asks to be left alone; `null` when it has not said so. */
  readonly retryAfterMs: number | null;
}

export function resultOf(answer: PostOutcome | DestinationRefusal, now: Date): AttemptResult {
  if (typeof answer === 'string') return { outcome: answer, httpStatus: null, retryAfterMs: null };
  if (answer.kind === 'failed') return { outcome: answer.reason, httpStatus: null, retryAfterMs: null };
  const { status, retryAfter } = answer;
  return { outcome: meaningOf(status), httpStatus: status, retryAfterMs: retryAfterOf(retryAfter, now) };
}

function meaningOf(status: number): Outcome {
  if (status >= 200 && status < 300) return 'delivered';
  if (status === 410) return 'gone';
  return status >= 300 && status < 400 ? 'redirected' : 'status_refused';
}
