import type { RequestContext, SystemActor } from './context.js';
import { newId } from './ids.js';

/** The worker's own: nobody asked for it at this moment. */
export const workerContext = (name: string, now: Date): RequestContext<SystemActor> => ({
  requestId: newId<'request'>(now.getTime()),
  actor: { kind: 'system', name },
  locale: 'fr',
  address: '127.0.0.1',
});
