import { Injectable } from '@nestjs/common';
import { type DestinationStream, pino, type Logger as Pino } from 'pino';
import { Failure } from '../../kernel/errors.js';
import type { Actor } from '../../kernel/context.js';
import { Settings } from '../config/settings.js';

interface Traced {
  readonly requestId: string;
  readonly traceId: string;
}

interface LoggedRequest {
  readonly method: string;
  readonly routeOptions: { readonly url?: string | undefined };
  readonly exchange: Traced;
  readonly user?: Actor;
}

/** Values that may stand in a log line: numbers, switches, and texts that our own code has written. */
export type LogFacts = Readonly<Record<string, string | number | boolean | null>>;

/**
 * The only writer of logs. It takes facts one by one and never an object as it stands: what is not named here
 * (bodies, headers, URLs with their parameters, messages of libraries) cannot reach a line.
 */
@Injectable()
export class Logger {
  readonly #pino: Pino;

  constructor(settings: Settings, destination?: DestinationStream) {
    const options = { level: settings.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime };
    this.#pino = destination ? pino(options, destination) : pino(options);
  }

  info(event: string, facts: LogFacts = {}): void {
    this.#pino.info(facts, event);
  }

  warn(event: string, facts: LogFacts = {}): void {
    this.#pino.warn(facts, event);
  }

  /** A fault outside any request, such as a job's. */
  fault(event: string, thrown: unknown, facts: LogFacts = {}): void {
    this.#pino.error({ ...facts, error: traceOf(thrown) }, event);
  }

  /** The fault behind an answer of 500 and above. */
  failure(failure: Failure, { requestId, traceId }: Traced): void {
    this.#pino.error({ requestId, traceId, error: traceOf(failure) }, 'request failed');
  }

  /** The one line of a request: the route's pattern, never its URL. */
  request(request: LoggedRequest, status: number, elapsedMs: number): void {
    const { requestId, traceId } = request.exchange;
    this.#pino.info(
      {
        requestId,
        traceId,
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status,
        elapsedMs: Math.round(elapsedMs * 10) / 10,
        actor: request.user?.kind ?? 'anonymous',
      },
      'request',
    );
  }
}

interface ErrorTrace {
  readonly name: string;
  readonly code?: string;
  readonly detail?: string;
  readonly frames: readonly string[];
  readonly cause?: ErrorTrace;
}

/** What of an error may be logged. Messages of libraries quote values (PostgreSQL's do), so they stay out. */
function traceOf(thrown: unknown, depth = 0): ErrorTrace {
  if (!(thrown instanceof Error)) return { name: typeof thrown, frames: [] };
  const own = thrown instanceof Failure ? { code: thrown.code } : codeOf(thrown);
  const detail =
    thrown instanceof Failure && thrown.privateDetail !== undefined ? { detail: thrown.privateDetail } : {};
  const cause = thrown.cause !== undefined && depth < 5 ? { cause: traceOf(thrown.cause, depth + 1) } : {};
  const frames = (thrown.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 12)
    .map((line) => line.trim());
  return { name: thrown.name, ...own, ...detail, frames, ...cause };
}

function codeOf(error: Error): { code?: string } {
  return 'code' in error && typeof error.code === 'string' && /^[A-Z0-9_]{1,40}$/.test(error.code)
    ? { code: error.code }
    : {};
}
