import {
  BrokenCircuitError,
  bulkhead,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  type IPolicy,
  retry,
  TaskCancelledError,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';
import { Failure } from '../../kernel/errors.js';
import type { Logger } from '../../platform/logging/logger.js';
import type { KeyProviderName } from './key-provider.js';
import { ProviderFault } from './provider-fault.js';

const FAULTS_THAT_OPEN_THE_CIRCUIT = 5;
/** The last attempt opens the circuit at most, so that its own fault is what the caller is told. */
const RETRIES = FAULTS_THAT_OPEN_THE_CIRCUIT - 1;

export interface AvailabilityOptions {
  readonly provider: KeyProviderName;
  /** Within this time a caller has an answer or `keys_unavailable`. */
  readonly timeoutMs: number;
  /** Requests to the service that this process has under way at once. */
  readonly parallelism: number;
}

/**
 * How long to wait for a key service that does not answer, and when not to ask at all.
 *
 * A caller's work has a deadline. Each request inside it is given half of that time and repeated, with growing
 * pauses, while its fault may pass. After five faults in a row nothing is sent any more for half a deadline; then
 * one request tries, and a good answer lets everybody through again.
 */
export class Availability {
  readonly #provider: KeyProviderName;
  readonly #deadline: IPolicy;
  readonly #repeated: IPolicy;
  readonly #single: IPolicy;

  constructor({ provider, timeoutMs, parallelism }: AvailabilityOptions, logger: Logger) {
    this.#provider = provider;
    this.#deadline = timeout(timeoutMs, TimeoutStrategy.Aggressive);
    const circuit = circuitBreaker(handleWhen(isOutage), {
      halfOpenAfter: timeoutMs / 2,
      breaker: new ConsecutiveBreaker(FAULTS_THAT_OPEN_THE_CIRCUIT),
    });
    circuit.onBreak(() => logger.warn('key provider does not answer', { provider }));
    circuit.onReset(() => logger.info('key provider answers again', { provider }));
    const room = bulkhead(parallelism, Number.POSITIVE_INFINITY);
    const attempt = timeout(timeoutMs / 2, TimeoutStrategy.Aggressive);
    const again = retry(handleWhen(mayPass), {
      maxAttempts: RETRIES,
      backoff: new ExponentialBackoff({ initialDelay: timeoutMs / 40, maxDelay: timeoutMs / 5 }),
    });
    this.#repeated = wrap(again, room, circuit, attempt);
    this.#single = wrap(room, circuit, attempt);
  }

  /**
   * Everything that one call of the provider does.
   * @throws Failure `keys_unavailable` after the deadline, or as soon as it is plain that there will be no answer
   */
  async answer<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await this.#deadline.execute(({ signal }) => work(signal));
    } catch (cause) {
      const reason = reasonOf(cause);
      if (reason === undefined) throw cause;
      throw new Failure('keys_unavailable', {
        privateDetail: `${this.#provider}: ${reason}`,
        headers: { 'retry-after': '1' },
        cause,
      });
    }
  }

  /** One request that may be repeated. It reports what went wrong as ProviderFault. */
  ask<T>(signal: AbortSignal, request: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#repeated.execute((context) => request(context.signal), signal);
  }

  /** One request that must not be sent twice. */
  askOnce<T>(signal: AbortSignal, request: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#single.execute((context) => request(context.signal), signal);
  }
}

/** A key that the service refuses is an answer of a service that works. */
function isOutage(error: unknown): boolean {
  return error instanceof ProviderFault ? error.about === 'service' : error instanceof TaskCancelledError;
}

function mayPass(error: unknown): boolean {
  return error instanceof ProviderFault ? error.transient : error instanceof TaskCancelledError;
}

function reasonOf(error: unknown): string | undefined {
  if (error instanceof ProviderFault) return error.message;
  if (error instanceof TaskCancelledError) return 'no answer in time';
  if (error instanceof BrokenCircuitError) return 'not asked, it has not been answering';
  return undefined;
}
