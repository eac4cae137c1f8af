import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Injectable } from '@nestjs/common';
import { type ErrorCode, Failure, type FieldError } from '../../kernel/errors.js';
import { worded } from '../../kernel/wording.js';
import { Logger } from '../logging/logger.js';
import type { Exchange, Reply, Request } from './exchange.js';
import { PROBLEMS } from './problems.js';
import { RouteTable } from './route-table.js';

/** An error answer (RFC 9457), with our stable `code` and the request's id. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly instance: string;
  readonly code: ErrorCode;
  readonly requestId: string;
  readonly errors?: readonly { pointer: string; code: string; detail: string }[];
}

const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'malformed_request',
  401: 'unauthenticated',
  403: 'forbidden_role',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  408: 'malformed_request',
  413: 'payload_too_large',
  414: 'malformed_request',
  415: 'unsupported_media_type',
  429: 'too_many_requests',
  431: 'malformed_request',
  503: 'service_unavailable',
};

/** Turns whatever was thrown into a problem document. What is not expected is logged and answered without detail. */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger: Logger;
  readonly #routes: RouteTable;

  constructor(logger: Logger, routes: RouteTable) {
    this.#logger = logger;
    this.#routes = routes;
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const reply = http.getResponse<Reply>();
    const failure = this.#failureOf(thrown, request);
    const status = PROBLEMS[failure.code].status;
    if (status >= 500) this.#logger.failure(failure, request.exchange);
    void reply
      .status(status)
      .headers(failure.headers)
      .header('cache-control', 'no-store')
      .type('application/problem+json; charset=utf-8')
      .send(problemDocument(failure, request.exchange));
  }

  #failureOf(thrown: unknown, request: Request): Failure {
    if (thrown instanceof Failure) return thrown;
    const status = statusOf(thrown);
    if (status === 404) {
      const allowed = this.#routes.methodsAt(request.url);
      if (allowed.length > 0 && !allowed.includes(request.method)) {
        return new Failure('method_not_allowed', { headers: { allow: allowed.join(', ') } });
      }
    }
    return new Failure(CODE_OF_STATUS[status] ?? 'internal_error', { cause: thrown });
  }
}

/** Nest's and Fastify's own errors carry a status; only theirs is believed, never their message. */
function statusOf(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (!(thrown instanceof Error) || !('statusCode' in thrown)) return 500;
  return typeof thrown.statusCode === 'number' ? thrown.statusCode : 500;
}

/** What a failure tells the one whose request it was. */
export function problemDocument(failure: Failure, { locale, requestId }: Exchange): ProblemDocument {
  const detail = failure.detail === undefined ? {} : { detail: worded(failure.detail, locale) };
  const errors =
    failure.fields.length === 0
      ? {}
      : {
          errors: failure.fields.map((entry: FieldError) => ({
            ...entry,
            detail: worded(entry.detail, locale),
          })),
        };
  return {
    type: `/problems/${failure.code}`,
    title: worded(PROBLEMS[failure.code].title, locale),
    status: PROBLEMS[failure.code].status,
    ...detail,
    instance: `urn:uuid:${requestId}`,
    code: failure.code,
    requestId,
    ...errors,
  };
}
