import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestContext } from '../../../kernel/context.js';
import type { ClientCertificate } from '../../../platform/http/index.js';
import type { ActiveClient } from '../clients/active-client.js';
import type { Mark } from '../persistence/replay-store.js';

/** The request that the provider is answering; the library passes its callbacks nothing of ours. */
export interface RequestInProgress {
  readonly context: RequestContext;
  readonly certificate: ClientCertificate;
  /** What the library asks the single use of next, which it does not say. */
  presented: 'assertion' | 'proof';
  /** Whether it asks for a token. */
  isForToken: boolean;
  /** Of the assertion, until it is marked as used. */
  assertion?: Mark | undefined;
  /** Of the proof, until it is marked as used. */
  proof?: Mark | undefined;
  /** The client that the request names, as it stood when it was looked up. */
  client?: ActiveClient;
  /** Whether it has proven to be that client. */
  isProven: boolean;
}

const requests = new AsyncLocalStorage<RequestInProgress>();

export function answering<Result>(
  caller: Pick<RequestInProgress, 'context' | 'certificate'>,
  work: () => Result,
): Result {
  return requests.run({ ...caller, presented: 'proof', isForToken: false, isProven: false }, work);
}

export function requestInProgress(): RequestInProgress {
  const request = requests.getStore();
  if (request === undefined) throw new Error('The library is asked in answer to a request only.');
  return request;
}

/** The mark of what was presented, which whoever takes it sees to. */
export function take(what: 'assertion' | 'proof', request: RequestInProgress): Mark | undefined {
  const mark = request[what];
  request[what] = undefined;
  return mark;
}
