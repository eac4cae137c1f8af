import { Failure } from '../../kernel/errors.js';
import type { TimeSpan } from '../../ledger/index.js';
import { FIELD_PROBLEMS } from '../../platform/http/problems.js';

interface SpanQuery {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** @throws Failure `invalid_query` when the span ends before it begins */
export function timeSpanOf({ from, to }: SpanQuery): TimeSpan {
  if (from !== undefined && to !== undefined && Date.parse(from) > Date.parse(to)) throw wrongSpan('/to');
  return {
    ...(from === undefined ? {} : { from: new Date(from) }),
    ...(to === undefined ? {} : { to: new Date(to) }),
  };
}

export function wrongSpan(pointer: '/from' | '/to'): Failure {
  return new Failure('invalid_query', {
    fields: [{ pointer, code: 'invalid', detail: FIELD_PROBLEMS.invalid }],
  });
}
