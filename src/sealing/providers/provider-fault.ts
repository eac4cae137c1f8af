export interface FaultOptions {
  /** Whether the same request may succeed in a moment. */
  readonly transient: boolean;
  /** Whether it says something about the service, or only about the one key of the request. Left out: the service. */
  readonly about?: 'service' | 'key';
  readonly cause?: unknown;
}

/** Why one request to a key service failed, in words of our own: answers of a service are never repeated. */
export class ProviderFault extends Error {
  override readonly name: string = 'ProviderFault';
  readonly transient: boolean;
  readonly about: 'service' | 'key';

  constructor(reason: string, { transient, about = 'service', cause }: FaultOptions) {
    super(reason, { cause });
    this.transient = transient;
    this.about = about;
  }
}
