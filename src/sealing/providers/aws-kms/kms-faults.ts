import { ProviderFault } from '../provider-fault.js';

/** Exceptions that say that this ciphertext does not open under this context, and will not tomorrow. */
const DAMAGED = new Set(['InvalidCiphertextException', 'IncorrectKeyException']);
/** Exceptions of a key that is being destroyed or is gone; others of its states use them too. */
const PERHAPS_GONE = new Set(['NotFoundException', 'KMSInvalidStateException']);
/** What AWS calls the caller's fault and yet passes. */
const PASSING = new Set([
  'ThrottlingException',
  'Throttling',
  'ThrottledException',
  'RequestThrottledException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  'LimitExceededException',
  'RequestTimeout',
  'RequestTimeoutException',
  'RequestExpired',
]);

/** A refusal of KMS by its documented name; `transient` when repeating may help. */
export class KmsFault extends ProviderFault {
  override readonly name = 'KmsFault';
  /** Name of the exception, such as `DisabledException`. */
  readonly exception: string;
  readonly damaged: boolean;
  readonly perhapsGone: boolean;

  constructor(exception: string, transient: boolean, cause: unknown) {
    const [damaged, perhapsGone] = [DAMAGED.has(exception), PERHAPS_GONE.has(exception)];
    super(`fails with ${exception}`, {
      transient,
      about: damaged || perhapsGone ? 'key' : 'service',
      cause,
    });
    this.exception = exception;
    this.damaged = damaged;
    this.perhapsGone = perhapsGone;
  }
}

/** Whatever the SDK throws, by name. Its messages quote ARNs and are not repeated. */
export function faultOf(thrown: unknown): ProviderFault {
  if (thrown instanceof ProviderFault) return thrown;
  const blame = blameOf(thrown);
  if (blame === undefined)
    return new ProviderFault('cannot be reached, or broke off', { transient: true, cause: thrown });
  const name = thrown instanceof Error ? thrown.name : '';
  const exception = /^[A-Za-z]{1,60}$/.test(name) ? name : 'UnknownException';
  return new KmsFault(exception, blame === 'server' || PASSING.has(exception), thrown);
}

/** Whose fault an exception of AWS says it is; undefined for what is none: no answer, or half of one. */
function blameOf(thrown: unknown): 'client' | 'server' | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('$fault' in thrown)) return undefined;
  return thrown.$fault === 'client' ? 'client' : 'server';
}
