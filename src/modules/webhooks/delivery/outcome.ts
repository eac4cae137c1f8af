import type { DestinationRefusal } from '../../../platform/outbound/destinations.js';
import type { PostOutcome } from '../../../platform/outbound/https-posts.js';

/** How attempts end, and why a delivery ends without one. */
export const OUTCOMES = [
  'delivered',
  'status_refused',
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
}

export function resultOf(answer: PostOutcome | DestinationRefusal): AttemptResult {
  if (typeof answer === 'string') return { outcome: answer, httpStatus: null };
  if (answer.kind === 'failed') return { outcome: answer.reason, httpStatus: null };
  return { outcome: meaningOf(answer.status), httpStatus: answer.status };
}

function meaningOf(status: number): Outcome {
  if (status >= 200 && status < 300) return 'delivered';
  return status >= 300 && status < 400 ? 'redirected' : 'status_refused';
}
